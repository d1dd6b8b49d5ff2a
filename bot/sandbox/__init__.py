"""An embedded, strict Bot API server with a chat page: run, try and test the bot without a token.

It stands alone: it imports nothing else of the project, and the bot must work with any other server of the Bot API.

    core.Sandbox            state and rules, and what people do
    request.SandboxRequest  its face inside a process
    http.build_routes       its face over HTTP, with the chat page
    python -m bot.sandbox   the same alone in a process, with `/control` for tests
"""
