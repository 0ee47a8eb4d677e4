"""HTTPS before the pages, as a proxy would do it in a data centre: TLS ends here, bytes go on.

``python -m deploy.demo.proxy --listen PORT --to PORT --certificate FILE --key FILE``
"""

import argparse
import asyncio
import contextlib
import ssl

PIECE = 65_536


def main() -> None:
    """Until it is ended."""
    parser = argparse.ArgumentParser()
    for name in ("listen", "to"):
        parser.add_argument(f"--{name}", type=int, required=True)
    for name in ("certificate", "key"):
        parser.add_argument(f"--{name}", required=True)
    asked = parser.parse_args()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(asked.certificate, asked.key)
    asyncio.run(_serve(asked.listen, asked.to, context))


async def _serve(listen: int, to: int, context: ssl.SSLContext) -> None:
    async def passed_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            inner, outer = await asyncio.open_connection("127.0.0.1", to)
            await asyncio.gather(_pass(reader, outer), _pass(inner, writer))

    server = await asyncio.start_server(passed_on, "127.0.0.1", listen, ssl=context)
    async with server:
        await server.serve_forever()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while piece := await reader.read(PIECE):
            writer.write(piece)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


if __name__ == "__main__":
    main()
