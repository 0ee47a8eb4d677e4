"""From a claim to a certificate: claims, approvals, the chain's gateways' certificates, renewal and revocation."""
