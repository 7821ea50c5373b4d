using System.Text.RegularExpressions;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Packaging;

/// <summary>
/// Dockerfile.aot as far as it can be checked without Docker. Its steps are run by <see cref="FunctionPackageTests"/>: on what it copies, and
/// nothing else.
/// </summary>
public sealed class DockerfileTests
{
    private static readonly Dockerfile File = Dockerfile.Shipped;

    [Fact]
    public void Every_image_takes_its_digest_from_an_argument()
    {
        string[] arguments = [.. File.Of("ARG").Where(static argument => argument.Stage < 0).Select(static argument => argument.Words[0].TrimEnd('='))];
        int images = 0;
        foreach (DockerInstruction from in File.Of("FROM"))
        {
            string image = from.Words[0];
            if (image == "scratch" || Arches.All(arch => File.Stages.Take(from.Stage).Contains(Expand(image, arch)))) continue;
            Match digest = Regex.Match(image, @"^[a-z0-9./-]+:[a-z0-9_.-]+\$\{(\w+):\+@\$\{(\w+)\}\}$");
            Assert.True(digest.Success, image);
            Assert.Equal(digest.Groups[1].Value, digest.Groups[2].Value);
            Assert.Contains(digest.Groups[1].Value, arguments);
            Assert.EndsWith("@sha256:1", Dockerfile.Expand(image, new Dictionary<string, string> { [digest.Groups[1].Value] = "sha256:1" }), StringComparison.Ordinal);
            Assert.DoesNotContain("@", Dockerfile.Expand(image, new Dictionary<string, string>()), StringComparison.Ordinal);
            images++;
        }
        Assert.Equal(arguments.Length, images); // each argument is for one of them
    }

    [Theory]
    [InlineData("amd64", "x86_64")]
    [InlineData("arm64", "arm64")]
    public void Each_platform_has_an_image_of_Lambda_s_build_tools_and_names_its_architecture(string platform, string architecture)
    {
        string sdk = Expand(File.Of("FROM", "build").Single().Words[0], platform);
        DockerInstruction image = File.Of("FROM", sdk).Single();
        Assert.Contains($"/build-dotnet10:latest-{architecture}$", image.Rest, StringComparison.Ordinal);
        Assert.Equal($"LAMBDA_ARCHITECTURE={architecture}", File.Of("ENV", sdk).Single().Rest);
    }

    [Fact]
    public void What_it_copies_is_there_and_not_held_back_by_dockerignore()
    {
        string[] allowed = [.. System.IO.File.ReadAllLines(Path.Combine(Repository.Root, ".dockerignore")).Where(static line => line.StartsWith('!')).Select(static line => line[1..])];
        string[] sources = [.. File.CopiedFiles("build").SelectMany(static copy => copy.Sources)];
        Assert.NotEmpty(sources);
        foreach (string source in sources.Where(static source => !source.EndsWith('*'))) Assert.True(Path.Exists(Path.Combine(Repository.Root, source)), source);
        Assert.Equal(sources.Select(static source => source.TrimEnd('*')).Order(StringComparer.Ordinal), allowed.Order(StringComparer.Ordinal));
        // From one stage to another: an earlier one.
        foreach (DockerInstruction copy in File.Of("COPY").Where(static copy => copy.Flag("from") is not null))
            Assert.Contains(copy.Flag("from"), File.Stages.Take(copy.Stage));
    }

    [Fact]
    public void Nothing_is_compiled_as_root_and_packages_are_kept_for_the_next_time()
    {
        DockerInstruction[] build = [.. File.Instructions.Where(static instruction => instruction.Stage >= 0 && File.Stages[instruction.Stage] == "build")];
        int user = Array.FindIndex(build, static instruction => instruction.Word == "USER"), compiled = Array.FindIndex(build, static instruction => instruction.Rest.Contains("build/package", StringComparison.Ordinal));
        Assert.InRange(user, 0, compiled);
        Assert.Equal(1, build.Count(static instruction => instruction.Word == "USER"));
        string[] ids = build[user].Rest.Split(':');
        Assert.DoesNotContain("0", ids);
        Assert.DoesNotContain("root", ids);
        Assert.All(build.Skip(user).Where(static instruction => instruction.Word == "COPY"), copy => Assert.Equal(build[user].Rest, copy.Flag("chown")));
        string cache = build[compiled].Flag("mount")!;
        Assert.Equal($"type=cache,target=/nuget,uid={ids[0]},gid={ids[1]}", cache);
        Assert.Contains(build, static instruction => instruction is { Word: "ENV", Rest: "NUGET_PACKAGES=/nuget" });
    }

    [Fact]
    public async Task Its_commands_are_the_repository_s_with_options_that_they_have()
    {
        string[] ofTheImage = ["install", "unzip"]; // coreutils, and what the image of the build tools installs
        string help = await Tool.RunAsync(Path.Combine(Repository.Root, "build", "package"), "--help");
        foreach (DockerInstruction run in File.Of("RUN").Where(run => !ofTheImage.Contains(run.Words[0])))
        {
            string program = Path.Combine(Repository.Root, run.Words[0]);
            Assert.True(System.IO.File.Exists(program), run.Words[0]);
            Assert.True((System.IO.File.GetUnixFileMode(program) & UnixFileMode.OtherExecute) != 0, run.Words[0]);
            string[] options = [.. run.Words.Concat(File.Of("ARG", "build").SelectMany(static argument => argument.Rest.Split('='))).Where(static word => word.StartsWith("--", StringComparison.Ordinal))];
            Assert.Contains("--arch", options);
            Assert.All(options, option => Assert.Contains(option, help, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void It_ends_in_a_zip_and_in_an_image_that_runs_bootstrap()
    {
        Assert.Equal("scratch", File.Of("FROM", "zip").Single().Words[0]);
        Assert.StartsWith("public.ecr.aws/lambda/provided:al2023$", File.Of("FROM", "image").Single().Words[0], StringComparison.Ordinal);
        Assert.Equal("""["/var/task/bootstrap"]""", File.Of("ENTRYPOINT", "image").Single().Rest);
    }

    private static readonly string[] Arches = ["amd64", "arm64"];

    private static string Expand(string text, string arch) => Dockerfile.Expand(text, new Dictionary<string, string> { ["TARGETARCH"] = arch });
}
