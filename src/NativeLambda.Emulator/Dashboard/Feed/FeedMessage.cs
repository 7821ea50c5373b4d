namespace NativeLambda.Emulator.Dashboard.Feed;

/// <summary>An event of the stream, ready to be sent to any number of clients.</summary>
/// <param name="Number">Its number, one more than the last one's.</param>
/// <param name="Json">The data: one line.</param>
internal sealed record FeedMessage(long Number, byte[] Json);
