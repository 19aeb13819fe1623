"""The words of the product: plain values, the ports and the state machine; no input or output."""
