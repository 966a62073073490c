"""Drawing the three pictures, one module each; what they show was worked out before."""
