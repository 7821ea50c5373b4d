using Npgsql;

namespace NativeLambda.Runtime;

/// <summary>A handler of events that are JSON of one's own or of another AWS service: one event in, one result out, on a live connection.</summary>
/// <typeparam name="TEvent">What the event is read into.</typeparam>
/// <typeparam name="TResult">What the handler returns.</typeparam>
/// <param name="input">The event; <see langword="null"/> where the event is JSON's <c>null</c> and the type allows it.</param>
/// <param name="connection">An open connection, verified just before. It belongs to the environment: do not dispose it.</param>
/// <param name="context">The invocation: id, deadline, facts about the connection.</param>
/// <param name="cancellationToken">Fires shortly before the deadline, so that there is time to answer.</param>
/// <returns>The result, written as JSON.</returns>
public delegate ValueTask<TResult> JsonHandler<in TEvent, TResult>(
    TEvent input,
    NpgsqlConnection connection,
    InvocationContext context,
    CancellationToken cancellationToken);
