using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using NativeLambda.Emulator.Dashboard.Feed;

namespace NativeLambda.Emulator.Dashboard.Http;

/// <summary>Server-Sent Events: a snapshot first, or what was missed since <c>Last-Event-ID</c>, then changes as they come.</summary>
/// <remarks>
/// A client is one number, that of its last event. It is sent the next ones when its socket has taken the last; when those are not kept
/// any more it is sent a snapshot. So a client that is slow costs no memory, and one that takes nothing for half a minute is dropped.
/// </remarks>
internal sealed class EventStream(FleetFeed feed, TimeProvider time)
{
    /// <summary>How many clients there may be: browsers' tabs, mostly.</summary>
    internal const int MaxClients = 32;

    private static readonly TimeSpan WritePatience = TimeSpan.FromSeconds(30);

    private int _clients;

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            if (Interlocked.Increment(ref _clients) > MaxClients)
            {
                await JsonAnswer.RefuseAsync(context, new Refusal(503, "TooManyClients", $"{MaxClients} clients listen already"));
                return;
            }
            using IDisposable membership = feed.Join();
            context.Response.ContentType = "text/event-stream; charset=utf-8";
            await WriteAsync(context, "retry: 1000\n\n"u8.ToArray());
            await SendAsync(context, ReadLastNumber(context.Request.Headers["Last-Event-ID"].ToString()));
        }
        catch (IOException)
        {
            // The client is gone: the usual end.
        }
        finally
        {
            Interlocked.Decrement(ref _clients);
        }
    }

    private async Task SendAsync(HttpContext context, long? last)
    {
        CancellationToken gone = context.RequestAborted;
        while (true)
        {
            IReadOnlyList<FeedMessage>? messages = last is { } number ? await feed.ReadAsync(number, gone) : null;
            if (messages is []) return;
            string name = "update";
            if (messages is null) (messages, name) = ([feed.Snapshot()], "snapshot");
            foreach (FeedMessage message in messages)
            {
                await WriteAsync(context, Encode(message, name));
                last = message.Number;
            }
        }
    }

    private byte[] Encode(FeedMessage message, string name) =>
    [
        .. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {feed.Epoch}-{message.Number}\nevent: {name}\ndata: ")),
        .. message.Json,
        .. "\n\n"u8,
    ];

    private async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> bytes)
    {
        using var patience = new CancellationTokenSource(WritePatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, context.RequestAborted);
        try
        {
            await context.Response.BodyWriter.WriteAsync(bytes, either.Token);
            await context.Response.BodyWriter.FlushAsync(either.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            context.Abort();
            throw new IOException("the client takes nothing");
        }
    }

    private long? ReadLastNumber(string id) =>
        id.Length > feed.Epoch.Length + 1 && id.StartsWith(feed.Epoch + "-", StringComparison.Ordinal)
        && long.TryParse(id.AsSpan(feed.Epoch.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : null;
}
