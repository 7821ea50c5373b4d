using System.CommandLine;
using System.Globalization;
using NativeLambda.Benchmarks.Measuring;
using NativeLambda.Benchmarks.Profiling;

namespace NativeLambda.Benchmarks.Cli;

/// <summary>The command <c>count</c>: instructions and round trips of a cold start, against the server that <c>PG*</c> names.</summary>
internal static class CountCommand
{
    public static Command Create()
    {
        var bootstrap = new Option<FileInfo>("--bootstrap") { Description = "The function's executable.", Required = true };
        var path = new Option<string>("--path") { Description = "What is asked for.", DefaultValueFactory = static _ => "/products/p1" };
        var runs = new Option<int>("--runs") { Description = "How often the instructions are counted; the median is printed.", DefaultValueFactory = static _ => 3 };
        var set = new Option<string[]>("--set") { Description = "A variable of the function, as in --set NATIVELAMBDA_METRICS=on; any number of them.", DefaultValueFactory = static _ => [] };
        var command = new Command("count", "Instructions and round trips of a cold start, against the server that PGHOST (loopback) and PGPORT name.")
        {
            bootstrap, path, runs, set,
        };
        command.SetAction((arguments, cancellationToken) => Task.FromResult(Run(
            arguments.GetRequiredValue(bootstrap), arguments.GetRequiredValue(path), arguments.GetValue(runs), arguments.GetValue(set)!, arguments.InvocationConfiguration, cancellationToken)));
        return command;
    }

    private static int Run(FileInfo bootstrap, string path, int runs, string[] set, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        try
        {
            var function = new FunctionProgram { Bootstrap = bootstrap.FullName, Variables = LibpqVariables.OfThisProcess() }
                .With([.. set.Select(static variable => variable.Split('=', 2)).Select(static pair => (pair[0], pair.Length == 2 ? pair[1] : ""))]);
            ColdStartCounts counts = ColdStartCounter.Count(function, LambdaEvent.Get(path), runs, TimeProvider.System, cancellationToken);
            console.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"instructions {counts.Instructions}, flights {counts.Flights}, connections {counts.Connections}"));
            return 0;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return 130;
        }
        catch (BenchmarkException exception)
        {
            console.Error.WriteLine($"count: {exception.Message}");
            return 2;
        }
    }
}
