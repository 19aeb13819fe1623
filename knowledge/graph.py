"""The encoder with pooling and normalising inside, as torch traces it: export only."""

import torch


class Pooled(torch.nn.Module):  # type: ignore[misc]  # torch's types are not followed
    """Word pieces in, one unit vector for each text out."""

    def __init__(self, transformer: torch.nn.Module) -> None:
        super().__init__()
        self.transformer = transformer

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        hidden = self.transformer(
            input_ids=input_ids,
            attention_mask=attention_mask,
            token_type_ids=torch.zeros_like(input_ids),
        ).last_hidden_state
        counted = attention_mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * counted).sum(1) / counted.sum(1)
        return torch.nn.functional.normalize(mean, dim=1)
