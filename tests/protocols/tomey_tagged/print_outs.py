"""Print-outs put together from docs/wire/tomey_tagged.md."""

REF = (
    b"[FM_IF],REF,1-04-02\r\n[PT_ID],*4711\r\n[VD],12.00\r\n[PD],63.5\r\n"
    b"[N_R],3,1\r\n[POWER_R],1,-1.25,-0.50, 90,\r\n[POWER_R],2,-1.50,-0.50, 85,\r\n[POWER_R],3,-1.25,-0.75, 90,\r\n"
    b"[POWER_R],A,-1.25,-0.50, 88,\r\n"
    b"[N_L],1,1\r\n[POWER_L],1,+0.25,-1.00,  5,\r\n"
)
KERATO = (
    b"[FM_IF],KERATO,1-04-02\r\n[N_R],1,1\r\n"
    b"[INF_R],1,\r\n[K1_R], 8.12, 41.56,12\r\n[K2_R], 7.98, 42.29,102\r\n[AV_R], 8.05, 41.93\r\n[CYL_R],-0.73,12\r\n"
    b"[INF_R],A,\r\n[K1_R], 8.11, 41.62,15\r\n[K2_R], 7.98, 42.29,105\r\n[AV_R], 8.04, 41.98\r\n[CYL_R],-0.67,15\r\n"
)
BOTH = REF + KERATO

# A series of which only the first reading came, with the indices of a CX 2000.
BROKEN_OFF = (
    b"[FM_IF],KERATO,1-04-02\r\n[N_R],4,1\r\n[INF_R],1,\r\n[K1_R], 8.12, 41.56,12\r\n[K2_R], 7.98, 42.29,102\r\n"
    b"[AV_R], 8.05, 41.93\r\n[CYL_R],-0.73,12\r\n[KAI_R],  3.1,251,A,\r\n[KRI_R],  1.4,A,\r\n"
)
LENSES = (
    b"[POWER_R],-1.25,-0.75,120\n[ADD_R],2.00,\n[PRISM_SEL_R],1\n[PRISM_R],+0.50,-0.25\n[UV_R]\n"
    b"[POWER_L],-2.00,-0.50,180\n[ADD_L],2.25,2.50\n[PRISM_SEL_L],1\n[PRISM_L],-1.00,+0.00\n[UV_L]\n"
)
