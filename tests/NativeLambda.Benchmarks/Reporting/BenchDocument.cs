namespace NativeLambda.Benchmarks.Reporting;

/// <summary>docs/benchmarks.md and its charts.</summary>
internal static class BenchDocument
{
    /// <summary>Puts the figures of a run in place of the last ones.</summary>
    /// <exception cref="BenchmarkException">The document lacks a part for them.</exception>
    public static async Task RenewAsync(string repository, BenchReport report, CancellationToken cancellationToken)
    {
        string file = Path.Combine(repository, "docs/benchmarks.md");
        string document = await File.ReadAllTextAsync(file, cancellationToken);
        document = MarkedDocument.Replace(document, "results", MarkdownReport.Results(report));
        document = MarkedDocument.Replace(document, "time", TimeReport.Of(report));
        string charts = Path.Combine(repository, "docs/benchmarks");
        Directory.CreateDirectory(charts);
        foreach ((string name, string svg) in BenchCharts.Draw(report))
            await File.WriteAllTextAsync(Path.Combine(charts, name), svg, cancellationToken);
        await File.WriteAllTextAsync(file, document, cancellationToken);
    }
}
