using System.Text.Json;

namespace NativeLambda.Http;

/// <summary>A problem in machine-readable form.</summary>
/// <remarks>
/// Written by hand instead of by a source-generated context: a first problem then costs no serializer metadata, and extension
/// members need no dictionary of objects. Source: <see href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</see>.
/// </remarks>
public sealed record ProblemDetails
{
    /// <summary>The content type of a problem.</summary>
    public const string ContentType = "application/problem+json";

    /// <summary>
    /// A URI that identifies the kind of problem; <see langword="null"/> means <c>about:blank</c>: the status says it all.
    /// </summary>
    public string? Type { get; init; }

    /// <summary>A short summary of the kind of problem, the same at each occurrence.</summary>
    public required string Title { get; init; }

    /// <summary>The status of the response, 400 to 599.</summary>
    public required int Status { get; init; }

    /// <summary>What went wrong this time and what to do about it, or <see langword="null"/>.</summary>
    public string? Detail { get; init; }

    /// <summary>A URI that identifies this occurrence, or <see langword="null"/>.</summary>
    public string? Instance { get; init; }

    /// <summary>
    /// The part of the request that is wrong, as the extension member <c>field</c>: a member of the body, a parameter of the path
    /// or the query, or a header; <see langword="null"/> when it is no single one.
    /// </summary>
    public string? Field { get; init; }

    /// <summary>Further extension members.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Extensions { get; init; }

    /// <summary>A problem whose status says what kind it is.</summary>
    /// <param name="status">The status; the title is its phrase.</param>
    /// <param name="detail">What went wrong this time and what to do about it.</param>
    /// <param name="field">The part of the request that is wrong.</param>
    public static ProblemDetails ForStatus(int status, string? detail = null, string? field = null) => new()
    {
        Status = status,
        Title = StatusPhrases.For(status),
        Detail = detail,
        Field = field,
    };

    internal void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        if (Type is not null)
            writer.WriteString("type"u8, Type);
        writer.WriteString("title"u8, Title);
        writer.WriteNumber("status"u8, Status);
        if (Detail is not null)
            writer.WriteString("detail"u8, Detail);
        if (Instance is not null)
            writer.WriteString("instance"u8, Instance);
        if (Field is not null)
            writer.WriteString("field"u8, Field);
        if (Extensions is not null)
        {
            foreach ((string name, JsonElement value) in Extensions)
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    }
}
