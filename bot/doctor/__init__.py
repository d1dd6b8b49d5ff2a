"""What ``python -m bot doctor`` examines, one module a subject. Reads only, and works beside a running bot."""
