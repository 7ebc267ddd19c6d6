"""Prisma schemas."""
