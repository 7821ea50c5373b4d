using System.Text.Json;
using NativeLambda.Http;
using NativeLambda.Runtime;
using Npgsql;

namespace Company.Function;

/// <summary>The routes of the function. Its connection is open and was checked a moment ago; it is not theirs to dispose.</summary>
internal static class NotesApi
{
    public static HttpRouter CreateRouter() => new HttpRouter()
        .Map(HttpMethods.Get, "/notes/{id}", GetAsync)
        .Map(HttpMethods.Put, "/notes/{id}", PutAsync);

    private static async ValueTask<HttpResponse> GetAsync(
        HttpRequest request, NpgsqlConnection connection, InvocationContext context, CancellationToken cancellationToken)
    {
        string id = request.RouteParameters["id"];
        await using var command = new NpgsqlCommand("SELECT text FROM notes WHERE id = $1", connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = id } },
        };
        string text = (string?)await command.ExecuteScalarAsync(cancellationToken) ?? throw new HttpProblemException(404, "There is no note with this id.", "id");
        return HttpResponse.Json(200, new Note(id, text), NotesJson.Default.Note);
    }

    private static async ValueTask<HttpResponse> PutAsync(
        HttpRequest request, NpgsqlConnection connection, InvocationContext context, CancellationToken cancellationToken)
    {
        var note = new Note(request.RouteParameters["id"], ReadText(request));
        // The same text again changes nothing: should the connection die, the invocation may run a second time on another one.
        context.IsIdempotent = true;
        await using var command = new NpgsqlCommand(
            "INSERT INTO notes (id, text) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET text = excluded.text", connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = note.Id }, new NpgsqlParameter<string> { TypedValue = note.Text } },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
        return HttpResponse.Json(200, note, NotesJson.Default.Note);
    }

    private static string ReadText(HttpRequest request)
    {
        try
        {
            NoteBody? body = JsonSerializer.Deserialize(request.Body.Span, NotesJson.Default.NoteBody);
            return body?.Text ?? throw new HttpProblemException(400, "The body must be an object with a text.", "text");
        }
        catch (JsonException malformed)
        {
            throw new HttpProblemException(400, $"The body must be an object with a text: {malformed.Message}", "text");
        }
    }
}
