using System.Diagnostics;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using NativeLambda.Gateway.Operation.Draining;

namespace NativeLambda.Gateway.Tests.Operation;

/// <summary>The files of deploy/gateway, against the repository and, where it is there, systemd.</summary>
public sealed class DeploymentTests
{
    private static readonly string Root = FindRoot();

    private static readonly string[] Unit = File.ReadAllLines(Path.Combine(Root, "deploy/gateway/lambda-gateway.service"));

    // Lines that end with a backslash go on.
    private static readonly string[] Container = Regex.Replace(File.ReadAllText(Path.Combine(Root, "deploy/gateway/Containerfile")), @"\\\n\s*", "")
        .Split('\n').Where(static line => line.Length > 0 && line[0] != '#').ToArray();

    private static string FindRoot()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "NativeLambda.sln"))) directory = directory.Parent;
        return directory.FullName;
    }

    [Fact]
    public async Task Systemd_finds_nothing_wrong_with_the_unit()
    {
        string? program = InstalledProgram.Find("systemd-analyze");
        Assert.SkipWhen(program is null, "There is no systemd-analyze here.");
        string directory = Directory.CreateTempSubdirectory().FullName, file = Path.Combine(directory, "lambda-gateway.service");
        // The gateway is not installed here: a program that is stands for it.
        await File.WriteAllTextAsync(file, string.Join('\n', Unit).Replace("/usr/local/bin/lambda-gateway", "/bin/true", StringComparison.Ordinal) + "\n");
        (int status, string said) = await RunAsync(program!, "verify", file);
        Assert.True(status == 0 && said == "", said);
        (_, string security) = await RunAsync(program!, "security", "--offline=true", "--no-pager", "--threshold=20", file);
        double exposure = double.Parse(Regex.Match(security, @"Overall exposure level for \S+ ([\d.]+)").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(exposure < 2, security);
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public void The_unit_gives_the_drain_the_time_that_it_takes_by_default()
    {
        int stop = int.Parse(Unit.Single(static line => line.StartsWith("TimeoutStopSec=", StringComparison.Ordinal)).Split('=')[1].TrimEnd('s'), System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(TimeSpan.FromSeconds(stop) > DrainOptions.Default.Delay + DrainOptions.Default.Timeout);
        Assert.Contains("Type=notify", Unit);
        Assert.Contains("ExecReload=/bin/kill -HUP $MAINPID", Unit);
    }

    [Fact]
    public void The_image_copies_what_there_is_and_all_that_the_project_is_made_of()
    {
        string[] copied = [.. Container.Where(static line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from=", StringComparison.Ordinal))
            .SelectMany(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..^1])];
        Assert.Equal([], copied.Where(static path => !Path.Exists(Path.Combine(Root, path))));
        string[] needed = [.. Sources("src/NativeLambda.Gateway/NativeLambda.Gateway.csproj").Distinct()];
        Assert.Contains("src/NativeLambda.Payloads", needed);
        Assert.Equal([], needed.Where(path => !copied.Contains(path)));
        // Before the restore: every project file and lock file of them.
        int restore = Array.FindIndex(Container, static line => line.StartsWith("RUN dotnet restore", StringComparison.Ordinal));
        string before = string.Join('\n', Container[..restore]);
        foreach (string project in needed.Where(static path => !path.EndsWith(".cs", StringComparison.Ordinal)))
        {
            Assert.Contains($"{project}/{Path.GetFileName(project)}.csproj", before, StringComparison.Ordinal);
            Assert.Contains($"{project}/packages.lock.json", before, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_image_runs_as_nobody_who_is_root_and_has_the_program_alone()
    {
        string[] last = Container[Array.FindLastIndex(Container, static line => line.StartsWith("FROM ", StringComparison.Ordinal))..];
        Assert.Contains(last, static line => Regex.IsMatch(line, "^USER [1-9][0-9]+$"));
        Assert.Equal(["COPY --from=build /out/lambda-gateway /usr/local/bin/lambda-gateway"], last.Where(static line => line.StartsWith("COPY ", StringComparison.Ordinal)));
        Assert.DoesNotContain(last, static line => line.StartsWith("RUN ", StringComparison.Ordinal) || line.StartsWith("ADD ", StringComparison.Ordinal));
        Assert.Contains("<AssemblyName>lambda-gateway</AssemblyName>", File.ReadAllText(Path.Combine(Root, "src/NativeLambda.Gateway/NativeLambda.Gateway.csproj")), StringComparison.Ordinal);
    }

    /// <summary>The folders and files that a project is compiled from, those that it refers to included.</summary>
    private static IEnumerable<string> Sources(string project)
    {
        string folder = Path.GetDirectoryName(project)!;
        yield return folder;
        XDocument file = XDocument.Load(Path.Combine(Root, project));
        foreach (XElement compile in file.Descendants("Compile").Where(static item => item.Attribute("Include") is not null))
            yield return Relative(folder, compile.Attribute("Include")!.Value);
        foreach (string source in file.Descendants("ProjectReference").SelectMany(reference => Sources(Relative(folder, reference.Attribute("Include")!.Value)))) yield return source;
    }

    private static string Relative(string folder, string path) => Path.GetRelativePath(Root, Path.GetFullPath(Path.Combine(Root, folder, path)));

    private static async Task<(int Status, string Said)> RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }
}
