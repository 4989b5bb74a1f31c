"""What locks a DuckDB in memory: no file, network, extension, Python variable or spill, and no way back."""

# Order matters: external access is the last door but one, the lock the last.
LOCKS = (
    "set temp_directory = ''",
    "set python_enable_replacements = false",
    "set autoinstall_known_extensions = false",
    "set autoload_known_extensions = false",
    "set allow_community_extensions = false",
    "set enable_external_access = false",
    "set lock_configuration = true",
)
