"""The sub-commands of ``python -m bot``, one module each; they word their results for a terminal, in English."""
