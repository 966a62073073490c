"""What can be asked of the service, whoever asks: one module a task. They know nothing of HTTP."""
