"""x86 CPUs."""
