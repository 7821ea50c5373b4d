using System.Globalization;
using System.Text.Json;
using NativeLambda.IntegrationTests.Emulator;

namespace NativeLambda.IntegrationTests.Dashboard;

/// <summary>A client of the live feed.</summary>
internal sealed class EventReader : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private StreamReader? _reader;

    private EventReader()
    {
    }

    public static async Task<EventReader> OpenAsync(Uri dashboard, string? lastEventId = null)
    {
        var client = new EventReader();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(dashboard, "/api/events"));
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        HttpResponseMessage response = await client._http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).Guarded();
        Assert.Equal("text/event-stream", response.EnsureSuccessStatusCode().Content.Headers.ContentType?.MediaType);
        client._reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        return client;
    }

    /// <summary>The next event; nothing at the end of the stream.</summary>
    public async Task<FeedEvent?> NextAsync()
    {
        string id = "", name = "";
        while (await _reader!.ReadLineAsync().Guarded() is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
            else if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) return new FeedEvent(id, name, JsonSerializer.Deserialize<JsonElement>(line[6..]));
        }
        return null;
    }

    public void Dispose()
    {
        _reader?.Dispose();
        _http.Dispose();
    }
}

/// <summary>An event of the feed.</summary>
internal sealed record FeedEvent(string Id, string Name, JsonElement Data)
{
    public long Number => long.Parse(Id[(Id.IndexOf('-') + 1)..], CultureInfo.InvariantCulture);

    public string?[] Environments => [.. Data.GetProperty("environments").EnumerateArray().Select(static e => e.GetProperty("id").GetString())];
}
