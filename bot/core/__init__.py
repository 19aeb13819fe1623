"""What the product exists for: routing, answering, knowing when not to, and handing over."""
