"""How an assistant is asked: one protocol, one module per way to be answered."""
