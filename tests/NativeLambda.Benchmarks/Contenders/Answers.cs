using System.Text;
using System.Text.Json;

namespace NativeLambda.Benchmarks.Contenders;

/// <summary>Compares what functions answer: status, content type, and the body as JSON.</summary>
internal static class Answers
{
    /// <summary>In what an answer differs from another one; nothing where it does not.</summary>
    public static string? Difference(ReadOnlyMemory<byte> one, ReadOnlyMemory<byte> other)
    {
        (Answer ours, Answer theirs) = (Read(one), Read(other));
        if (ours.Status != theirs.Status) return $"status {theirs.Status} instead of {ours.Status}";
        if (!ours.ContentType.Equals(theirs.ContentType, StringComparison.OrdinalIgnoreCase))
            return $"content type {theirs.ContentType} instead of {ours.ContentType}";
        return JsonElement.DeepEquals(Parse(ours.Body), Parse(theirs.Body)) ? null : $"body {theirs.Body} instead of {ours.Body}";
    }

    private static Answer Read(ReadOnlyMemory<byte> response)
    {
        JsonElement root = Parse(Encoding.UTF8.GetString(response.Span));
        string body = root.GetProperty("body").GetString() ?? "";
        if (root.TryGetProperty("isBase64Encoded", out JsonElement encoded) && encoded.GetBoolean())
            body = Encoding.UTF8.GetString(Convert.FromBase64String(body));
        string type = "";
        foreach (JsonProperty header in root.GetProperty("headers").EnumerateObject())
            if (header.Name.Equals("content-type", StringComparison.OrdinalIgnoreCase)) type = header.Value.GetString() ?? "";
        return new Answer(root.GetProperty("statusCode").GetInt32(), type.Replace(" ", "", StringComparison.Ordinal), body);
    }

    private static JsonElement Parse(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException exception)
        {
            throw new BenchmarkException($"no JSON: {exception.Message} in {text}");
        }
    }

    private sealed record Answer(int Status, string ContentType, string Body);
}
