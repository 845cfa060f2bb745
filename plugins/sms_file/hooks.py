"""Hook implementations: the only way from the core into this folder."""

from spheres_core.plugin import Context, TextMessage, hookimpl, registers, write_outgoing

from .settings import Settings

register_settings = registers(Settings)


@hookimpl
async def on_text_message_due(ctx: Context, message: TextMessage) -> None:
    sender = ctx.settings("sms_file", Settings).sender
    write_outgoing(ctx, "sms_file", f"{message.id}.txt", f"From: {sender}\nTo: {message.to}\n\n{message.text}\n")
