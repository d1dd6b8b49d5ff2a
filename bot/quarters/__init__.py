"""A camp as the template of the next one."""
