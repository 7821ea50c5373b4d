using System.Buffers.Binary;
using System.Text;
using NativeLambda.Database;

namespace NativeLambda.Tests.Database;

public sealed class TraceLabelTests
{
    private const string Id = "1-5759e988-bd862e3fe1be46a994272793";

    [Theory]
    [InlineData($"Root={Id};Parent=53995c3f42cd8ad8;Sampled=1")]
    [InlineData($"Parent=53995c3f42cd8ad8;Sampled=1;Root={Id}")]
    [InlineData($"Self=1-67891234-12456789abcdef012345678;Root={Id}")]
    [InlineData($" Root={Id} ; Lineage=1:a:0")]
    public void The_id_of_the_trace_follows_the_name_of_the_environment(string header) =>
        Assert.Equal($"SET application_name = 'products/$LATEST/0123abcd/{Id}'", Text(new TraceLabel("products/$LATEST/0123abcd").For(header)));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Sampled=1")]
    [InlineData(Id)]
    [InlineData("Root=")]
    [InlineData("Root=1-5759e988-bd862e3fe1be46a99427279")]
    [InlineData("Root=1-5759e988-bd862e3fe1be46a9942727933")]
    [InlineData("Root=2-5759e988-bd862e3fe1be46a994272793")]
    [InlineData("Root=1-5759e988_bd862e3fe1be46a994272793")]
    [InlineData("Root=1-5759e988-bd862e3fe1be46a99427279g")]
    [InlineData("Root=1-5759e988-'; DROP TABLE products;1")]
    [InlineData("Root=1-'||pg_sl-bd862e3fe1be46a994272793")]
    [InlineData("Root=1-5759e988-bd862e3fe1be46a99427279\0")]
    [InlineData("Root=1-5759e988-bd862e3fe1be46a99427279é")]
    public void What_is_not_exactly_the_id_of_a_trace_never_reaches_the_server(string? header) => Assert.Null(new TraceLabel("products").For(header));

    [Theory]
    [InlineData("a-function-with-quite-a-long-name/$LATEST/0123abcd", "a-function-with-quite-a-lon")]
    [InlineData("it's \\ täglich", "it_s _ t_glich")]
    public void The_name_is_cut_to_what_the_trace_leaves_and_needs_no_quotation(string name, string expected)
    {
        string text = Text(new TraceLabel(name).For($"Root={Id}"));
        Assert.Equal($"SET application_name = '{expected}/{Id}'", text);
        Assert.InRange(text.Length - "SET application_name = ''".Length, 1, 63);
    }

    [Fact]
    public void The_plain_name_comes_back_whole() =>
        Assert.Equal("SET application_name = 'a-function-with-quite-a-long-name/$LATEST/0123abcd'", Text(new TraceLabel("a-function-with-quite-a-long-name/$LATEST/0123abcd").Plain));

    [Fact]
    public void Naming_a_trace_allocates_nothing()
    {
        var label = new TraceLabel("products");
        label.For($"Root={Id}");
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            label.For($"Root={Id}");
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>The statement of a Query message, whose frame is checked.</summary>
    private static string Text(byte[]? message)
    {
        Assert.NotNull(message);
        Assert.Equal((byte)'Q', message[0]);
        Assert.Equal(message.Length - 1, BinaryPrimitives.ReadInt32BigEndian(message.AsSpan(1)));
        Assert.Equal(0, message[^1]);
        return Encoding.ASCII.GetString(message.AsSpan(5, message.Length - 6));
    }
}
