using NativeLambda.Runtime;
using Npgsql;

namespace NativeLambda.Http;

/// <summary>A handler of HTTP events: one request in, one response out, on a live connection.</summary>
/// <param name="request">The request, parsed from the event.</param>
/// <param name="connection">An open connection, verified just before. It belongs to the environment: do not dispose it.</param>
/// <param name="context">The invocation: id, deadline, facts about the connection.</param>
/// <param name="cancellationToken">Fires shortly before the deadline, so that there is time to answer.</param>
/// <returns>The response to post.</returns>
public delegate ValueTask<HttpResponse> HttpHandler(
    HttpRequest request,
    NpgsqlConnection connection,
    InvocationContext context,
    CancellationToken cancellationToken);
