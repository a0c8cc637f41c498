"""What `verify` looks at; each module yields its findings in plain words, one by one."""
