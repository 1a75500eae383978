"""hrdesk: ask your own HR policies and see every claim at its highlighted passage."""

__version__ = "0.1.0"
