"""imr-rules: does the MTUS support upholding or overturning the denial of a requested treatment?"""
