using System.Diagnostics;
using NativeLambda.Gateway.Operation.Telemetry;

namespace NativeLambda.Gateway.Tests.Operation;

public sealed class TraceHeaderTests
{
    private const string Trace = "5759e988bd862e3fe1be46a994272793", Span = "53995c3f42cd8ad8";

    [Theory]
    [InlineData($"00-{Trace}-{Span}-01", true, true)]
    [InlineData($"00-{Trace}-{Span}-00", true, false)]
    [InlineData($"00-{Trace}-{Span}-03", true, true)]
    [InlineData($"cc-{Trace}-{Span}-01-what-comes-later", true, true)]
    [InlineData($"00-{Trace}-{Span}-01-what-must-not", false, false)]
    [InlineData($"cc-{Trace}-{Span}-01x", false, false)]
    [InlineData($"ff-{Trace}-{Span}-01", false, false)]
    [InlineData($"00-00000000000000000000000000000000-{Span}-01", false, false)]
    [InlineData($"00-{Trace}-0000000000000000-01", false, false)]
    [InlineData("00-5759E988BD862E3FE1BE46A994272793-53995C3F42CD8AD8-01", false, false)]
    [InlineData($"00-{Trace}-{Span}", false, false)]
    [InlineData("", false, false)]
    [InlineData(null, false, false)]
    public void A_traceparent_is_read_as_W3C_says(string? text, bool valid, bool sampled)
    {
        Assert.Equal(valid, TraceHeader.TryParseW3C(text, out ActivityContext context));
        if (!valid) return;
        Assert.Equal((Trace, Span, sampled), (context.TraceId.ToHexString(), context.SpanId.ToHexString(), context.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)));
    }

    [Theory]
    [InlineData("Root=1-5759e988-bd862e3fe1be46a994272793", Trace, null, null)]
    [InlineData($"Root=1-5759e988-bd862e3fe1be46a994272793;Parent={Span};Sampled=1", Trace, Span, true)]
    [InlineData($"Self=1-67891234-12456789abcdef012345678;Root=1-5759e988-bd862e3fe1be46a994272793;Parent={Span};Sampled=0;Lineage=a87bd80c:1|68fd508a:5|c512fbe3:2", Trace, Span, false)]
    [InlineData("Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=?", null, null, null)]
    [InlineData("Root=1-5759e988-bd862e3fe1be46a99427279g", null, null, null)]
    [InlineData("Root=2-5759e988-bd862e3fe1be46a994272793", null, null, null)]
    [InlineData("Parent=53995c3f42cd8ad8", null, null, null)]
    [InlineData("Root=1-5759e988-bd862e3fe1be46a994272793;\"evil\"", null, null, null)]
    [InlineData(null, null, null, null)]
    public void An_X_Ray_header_is_read_as_AWS_says(string? text, string? trace, string? parent, bool? sampled)
    {
        Assert.Equal(trace is not null, TraceHeader.TryParse(text, out ActivityTraceId id, out ActivitySpanId span, out bool? decided));
        if (trace is null) return;
        Assert.Equal((trace, parent, sampled), (id.ToHexString(), span == default ? null : span.ToHexString(), decided));
    }

    [Fact]
    public void A_trace_of_W3C_is_written_with_the_same_bits()
    {
        Assert.True(TraceHeader.TryParseW3C($"00-{Trace}-{Span}-01", out ActivityContext context));
        Assert.Equal($"Root=1-5759e988-bd862e3fe1be46a994272793;Parent={Span};Sampled=1", TraceHeader.Write(context.TraceId, context.SpanId, true));
    }

    [Fact]
    public void A_trace_that_begins_here_begins_with_the_time()
    {
        string header = TraceHeader.Begin(DateTimeOffset.FromUnixTimeSeconds(0x5759e988), out string id);
        Assert.Matches("^Root=1-5759e988-[0-9a-f]{24}$", header);
        Assert.True(TraceHeader.TryParse(header, out ActivityTraceId trace, out _, out _));
        Assert.Equal(trace.ToHexString(), id);
        Assert.NotEqual(header, TraceHeader.Begin(DateTimeOffset.FromUnixTimeSeconds(0x5759e988), out _));
    }

    [Fact]
    public void Another_parent_leaves_what_else_the_header_says() => Assert.Equal(
        $"Root=1-5759e988-bd862e3fe1be46a994272793;Lineage=a:1;Parent={Span};Sampled=1",
        TraceHeader.WithParent("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=0000000000000001;Sampled=0;Lineage=a:1", ActivitySpanId.CreateFromString(Span), true));
}
