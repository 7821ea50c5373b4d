using NativeLambda.Emulator.Freezing;
using NativeLambda.Trials.Overhead;

namespace NativeLambda.IntegrationTests.Trials;

/// <summary>A short run of what measures the emulator's overhead: that all of it is measured, not how long it takes.</summary>
public sealed class OverheadTests
{
    private const int Samples = 12;

    [Fact]
    public async Task Everything_is_measured_as_often_as_asked_for_with_each_method_that_is_there()
    {
        using var guard = new CancellationTokenSource(TimeSpan.FromMinutes(2), TimeProvider.System);
        DirectoryInfo directory = Directory.CreateTempSubdirectory("overhead-");
        try
        {
            string? echo = await EchoFunction.CompileAsync(directory.FullName, guard.Token);
            Assert.SkipWhen(echo is null, "there is no C compiler for the echo function");
            var options = new OverheadOptions
            {
                Samples = Samples, WarmUp = 2, Methods = [FreezeMethod.CgroupV2, FreezeMethod.CgroupV1, FreezeMethod.Signal], Seed = 1,
            };
            OverheadResult result = await new OverheadTrial(options, echo!, TimeProvider.System).RunAsync(guard.Token);

            // Signals need nothing; whatever else is not there is named.
            FreezeMethod[] there = [.. options.Methods.Where(method => result.Rows.Any(row => row.Course == CourseNames.Freeze(method)))];
            Assert.Contains(FreezeMethod.Signal, there);
            Assert.Equal(options.Methods.Count - there.Length, result.Missing.Count);
            Assert.Equal(
                [
                    CourseNames.Loopback, CourseNames.Again(CourseNames.Loopback),
                    .. there.SelectMany(static method => (string[])
                    [
                        CourseNames.Frozen(method), CourseNames.Again(CourseNames.Frozen(method)), CourseNames.Awake(method),
                        CourseNames.BackToBack(method), CourseNames.FunctionUrl(method), CourseNames.Freeze(method),
                        CourseNames.Pulse(method), CourseNames.Thaw(method),
                    ]),
                ],
                result.Rows.Select(static row => row.Course));
            Assert.All(result.Rows, static row =>
            {
                Assert.Equal(Samples, row.Times.Count);
                Assert.True(row.Times.Quantile(0) > 0, row.Course);
                Assert.Equal(row.Reference is null, row.Over is null);
            });
            Assert.Equal(2 + result.Rows.Count, OverheadReport.Table(result).TrimEnd().Split('\n').Length);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
