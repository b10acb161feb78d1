"""The running site: PostgreSQL, web server and worker under one supervisor, from the first start to the last signal."""
