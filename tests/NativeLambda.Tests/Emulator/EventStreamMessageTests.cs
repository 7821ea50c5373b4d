using System.Text;
using NativeLambda.Emulator.Api;

namespace NativeLambda.Tests.Emulator;

public sealed class EventStreamMessageTests
{
    // Messages that AWS's own implementations are tested against.
    [Fact]
    public void An_empty_message_is_its_prelude_and_two_checksums() => Assert.Equal(
        "000000100000000005C248EB7D98C8FF", Convert.ToHexString(EventStreamMessage.Encode([], [])));

    [Fact]
    public void A_payload_follows_the_prelude() => Assert.Equal(
        "0000001D00000000FD528C5A7B27666F6F273A27626172277DC3653936",
        Convert.ToHexString(EventStreamMessage.Encode([], "{'foo':'bar'}"u8)));

    [Fact]
    public void A_header_of_text_is_its_name_its_type_and_its_value_each_with_its_length() => Assert.Equal(
        "0000003D0000002007FD83960C" + Convert.ToHexString("content-type"u8) + "070010" + Convert.ToHexString("application/json"u8)
        + "7B27666F6F273A27626172277D8D9C08B1",
        Convert.ToHexString(EventStreamMessage.Encode([new("content-type", "application/json")], "{'foo':'bar'}"u8)));

    [Fact]
    public void An_event_says_what_it_is_in_its_headers()
    {
        string text = Encoding.Latin1.GetString(EventStreamMessage.OfEvent("PayloadChunk", "application/octet-stream", "x"u8));
        Assert.Contains("\u000b:event-type\u0007\0\u000cPayloadChunk", text, StringComparison.Ordinal);
        Assert.Contains("\u000d:content-type\u0007\0\u0018application/octet-stream", text, StringComparison.Ordinal);
        Assert.Contains("\u000d:message-type\u0007\0\u0005event", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_that_is_too_long_is_refused() =>
        Assert.Throws<OverflowException>(() => EventStreamMessage.Encode([new(new string('n', 256), "v")], []));
}
