using NativeLambda.Benchmarks;
using NativeLambda.Benchmarks.Reporting;

namespace NativeLambda.Tests.Benchmarks;

/// <summary>A document that is half written by hand.</summary>
public sealed class MarkedDocumentTests
{
    private const string Document = "# By hand\n\n<!-- begin results -->\nold\n<!-- end results -->\n\nBy hand, too.\n\n<!-- begin time -->\n<!-- end time -->\nEnd\n";

    [Fact]
    public void A_part_is_replaced_and_all_else_stays()
    {
        string renewed = MarkedDocument.Replace(Document, "results", "| new |\n");

        Assert.Equal(
            "# By hand\n\n<!-- begin results -->\n\n| new |\n\n<!-- end results -->\n\nBy hand, too.\n\n<!-- begin time -->\n<!-- end time -->\nEnd\n", renewed);
    }

    [Fact]
    public void Doing_it_twice_is_doing_it_once()
    {
        string once = MarkedDocument.Replace(MarkedDocument.Replace(Document, "results", "a"), "time", "b");

        Assert.Equal(once, MarkedDocument.Replace(MarkedDocument.Replace(once, "time", "b"), "results", "a"));
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("<!-- begin results -->\n")]
    [InlineData("<!-- end results -->\n<!-- begin results -->\n")]
    [InlineData("<!-- begin results -->\n<!-- end results -->\n<!-- begin results -->\n")]
    public void A_document_without_the_part_is_left_alone(string document) =>
        Assert.Throws<BenchmarkException>(() => MarkedDocument.Replace(document, "results", "new"));
}
