"""Pure edits of shared TypeScript files: text in, text or None out."""
