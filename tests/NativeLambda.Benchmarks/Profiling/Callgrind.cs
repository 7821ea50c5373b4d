using System.ComponentModel;
using System.Diagnostics;
using NativeLambda.Benchmarks.Measuring;
using NativeLambda.Emulator.Processes;

namespace NativeLambda.Benchmarks.Profiling;

/// <summary>Counts the instructions of a cold start with valgrind's callgrind: repeatable where time is not.</summary>
internal sealed class Callgrind : IDisposable
{
    private const int SignalUser1 = 10; // SIGUSR1: ends a program that does not expect it, while valgrind still writes its file
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan SignalPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(10);

    private readonly FunctionProgram _function;
    private readonly string _valgrind;
    private readonly DirectoryInfo _directory;

    private Callgrind(FunctionProgram function, string valgrind, DirectoryInfo directory) =>
        (_function, _valgrind, _directory) = (function, valgrind, directory);

    /// <summary>Prepares a copy of a function that valgrind can read.</summary>
    /// <exception cref="BenchmarkException">valgrind or objcopy is not installed.</exception>
    public static Callgrind Prepare(FunctionProgram function)
    {
        string valgrind = ProgramSearch.Find("valgrind") ?? throw new BenchmarkException("valgrind is not installed");
        DirectoryInfo directory = Directory.CreateTempSubdirectory("nativelambda-callgrind-");
        string symbols = function.Bootstrap + ".dbg";
        if (File.Exists(symbols)) function = function with { Bootstrap = CopyWithSymbols(function.Bootstrap, symbols, directory.FullName) };
        // Under valgrind everything takes fifty times as long: nothing may run into a time limit for that. And Go's runtime must not
        // interrupt itself by signals, which valgrind does not get over.
        function = function.With(("NATIVELAMBDA_CONNECT_TIMEOUT", "60s"), ("NATIVELAMBDA_INIT_BUDGET", "60s"), ("GODEBUG", "asyncpreemptoff=1"));
        return new Callgrind(function, valgrind, directory);
    }

    /// <summary>Counts one cold start, from exec to the second <c>next</c>.</summary>
    /// <param name="body">The event.</param>
    /// <param name="invocations">How often the event is sent: what more than one costs more is an invocation's.</param>
    /// <param name="time">The clock of the time limits.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="BenchmarkException">The function fails, or valgrind does.</exception>
    public CallgrindProfile Measure(byte[] body, int invocations, TimeProvider time, CancellationToken cancellationToken)
    {
        string output = Path.Combine(_directory.FullName, "callgrind.out");
        File.Delete(output);
        using var api = new RuntimeApi(time);
        SpawnRequest request = _function.Spawn(api.Authority);
        using MeasuredProcess process = MeasuredProcess.Start(
            request with { File = _valgrind, Arguments = [.. Options(output), request.File, .. request.Arguments] }, time);
        api.AwaitNext(process, Patience, cancellationToken);
        for (int index = 0; index < invocations; index++)
        {
            api.Invoke(body, process, Patience, cancellationToken);
            api.AwaitNext(process, Patience, cancellationToken);
        }

        process.Signal(SignalUser1);
        // Runtimes that have a use for the signal end when their Runtime API is gone.
        if (!process.AwaitEnd(SignalPatience)) api.Dispose();
        if (!process.AwaitEnd(EndPatience)) throw new BenchmarkException("the function does not end under valgrind, neither by a signal nor without its Runtime API");
        return File.Exists(output) ? CallgrindReader.Read(File.ReadLines(output)) : throw new BenchmarkException($"valgrind has written nothing: {process.ReadLog()}");
    }

    /// <summary>Removes the copy.</summary>
    public void Dispose() => _directory.Delete(recursive: true);

    private string[] Options(string output) =>
    [
        "--tool=callgrind", $"--callgrind-out-file={output}", "--separate-threads=no", "-q",
        // A script becomes the program that it names.
        .. IsScript(_function.Bootstrap) ? ["--trace-children=yes"] : (string[])[],
    ];

    private static bool IsScript(string file)
    {
        using FileStream stream = File.OpenRead(file);
        return stream.ReadByte() == '#' && stream.ReadByte() == '!';
    }

    /// <summary>
    /// The compiler keeps symbols and DWARF in a file of its own, which valgrind would read, but it stumbles over that DWARF: it gets a
    /// file with the symbols alone.
    /// </summary>
    private static string CopyWithSymbols(string bootstrap, string symbols, string directory)
    {
        (string copy, string link) = (Path.Combine(directory, "bootstrap"), Path.Combine(directory, "bootstrap.dbg"));
        Run("--strip-debug", symbols, link);
        Run("--remove-section=.gnu_debuglink", bootstrap, copy);
        Run($"--add-gnu-debuglink={link}", copy);
        return copy;
    }

    private static void Run(params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("objcopy", arguments) { RedirectStandardError = true })!;
            string complaint = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0) throw new BenchmarkException($"objcopy: {complaint}");
        }
        catch (Win32Exception)
        {
            throw new BenchmarkException("objcopy is not installed (Debian: binutils)");
        }
    }
}
