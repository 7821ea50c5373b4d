using System.IO.Compression;
using System.Reflection.Metadata;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Packaging;

/// <summary>The NuGet package of the library.</summary>
[Collection(PackagingGroup.Name)]
public sealed class LibraryPackageTests(LibraryPackages packages)
{
    private static readonly Guid SourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    [Fact]
    public async Task It_holds_the_assembly_its_documentation_and_what_programs_are_linked_with()
    {
        using ZipArchive archive = await OpenAsync("nupkg");
        IEnumerable<string> native = Directory.GetFiles(Path.Combine(Repository.Root, "src", "NativeLambda", "Native")).Select(static file => $"Native/{Path.GetFileName(file)}");
        string[] expected = ["NativeLambda.nuspec", "README.md", "buildTransitive/NativeLambda.targets", "lib/net10.0/NativeLambda.dll", "lib/net10.0/NativeLambda.xml", .. native];
        string[] format = ["[Content_Types].xml", "_rels/.rels", "package/services/metadata/core-properties/nuget.psmdcp"];
        Assert.Equal([.. expected.Concat(format).Order(StringComparer.Ordinal)], archive.Entries.Select(static entry => entry.FullName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task It_says_what_it_needs_where_it_comes_from_and_under_which_licence()
    {
        using ZipArchive archive = await OpenAsync("nupkg");
        XElement metadata = XDocument.Parse(Encoding.UTF8.GetString(await ReadAsync(archive, "NativeLambda.nuspec")).TrimStart('\uFEFF')).Root!.Elements().Single();
        Assert.Equal("NativeLambda", Value("id"));
        Assert.Equal(Property("Directory.Build.props", "Version"), Value("version"));
        Assert.Equal(("expression", "MIT"), (Element("license").Attribute("type")!.Value, Value("license")));
        Assert.Equal("README.md", Value("readme"));
        XElement repository = Element("repository");
        Assert.Equal((SourceCopy.Remote, await SourceCopy.CommitAsync(packages.Clone)), (repository.Attribute("url")!.Value, repository.Attribute("commit")!.Value));
        XElement needed = Assert.Single(Element("dependencies").Descendants(), static element => element.Name.LocalName == "dependency");
        Assert.Equal("Npgsql", needed.Attribute("id")!.Value);
        Assert.Equal(PackageVersion("Npgsql"), needed.Attribute("version")!.Value);

        XElement Element(string name) => metadata.Elements().Single(element => element.Name.LocalName == name);
        string Value(string name) => Element(name).Value;
    }

    [Fact]
    public async Task Its_symbols_lead_to_the_sources_of_the_commit()
    {
        using ZipArchive archive = await OpenAsync("snupkg");
        using var symbols = new MemoryStream(await ReadAsync(archive, "lib/net10.0/NativeLambda.pdb"));
        using MetadataReaderProvider provider = MetadataReaderProvider.FromPortablePdbStream(symbols);
        MetadataReader reader = provider.GetMetadataReader();
        JsonElement map = JsonElement.Parse(reader.GetBlobBytes(Details(EntityHandle.ModuleDefinition, SourceLink).Single().Value));
        JsonProperty documents = Assert.Single(map.GetProperty("documents").EnumerateObject());
        Assert.Equal(
            ("/_/*", $"https://raw.githubusercontent.com/example/native-lambda/{await SourceCopy.CommitAsync(packages.Clone)}/*"),
            (documents.Name, documents.Value.GetString()));
        Assert.True(reader.Documents.Count > 100);
        foreach (DocumentHandle handle in reader.Documents)
        {
            string name = reader.GetString(reader.GetDocument(handle).Name);
            Assert.StartsWith("/_/", name, StringComparison.Ordinal);
            // What the build writes is in no commit: it comes with the symbols.
            if (!File.Exists(Path.Combine(Repository.Root, name["/_/".Length..])))
                Assert.True(Details(handle, EmbeddedSource).Any(), $"{name} is nowhere to be had");
        }

        IEnumerable<CustomDebugInformation> Details(EntityHandle of, Guid kind) =>
            reader.GetCustomDebugInformation(of).Select(reader.GetCustomDebugInformation).Where(detail => reader.GetGuid(detail.Kind) == kind);
    }

    [Fact]
    public async Task No_file_names_a_folder_or_a_registry_of_this_machine()
    {
        string[] registries = (await Tool.RunAsync("dotnet", "nuget", "list", "source", "--format", "short")).Split('\n')
            .Select(static line => Uri.TryCreate(line.Split(' ').Last(), UriKind.Absolute, out Uri? address) ? address.Host : "")
            .Where(static host => host.Length > 0).ToArray();
        Assert.NotEmpty(registries);
        foreach (string file in Directory.GetFiles(await packages.FeedAsync()))
        {
            using ZipArchive archive = await ZipFile.OpenReadAsync(file, TestContext.Current.CancellationToken);
            foreach (ZipArchiveEntry entry in archive.Entries)
            {
                byte[] content = await ReadAsync(archive, entry.FullName);
                foreach (string name in (string[])[packages.Clone, Repository.Root, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + "/", .. registries])
                    foreach (Encoding encoding in (Encoding[])[Encoding.UTF8, Encoding.Unicode])
                        Assert.True(content.AsSpan().IndexOf(encoding.GetBytes(name)) < 0, $"{Path.GetFileName(file)}: {entry.FullName} names {name}");
            }
        }
    }

    [Fact]
    public async Task From_another_folder_it_is_the_same_to_the_byte()
    {
        string feed = await packages.FeedAsync(), again = await packages.MakeAgainAsync();
        string[] files = [.. Directory.GetFiles(again).Select(static file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        Assert.Equal([$"NativeLambda.{Version}.nupkg", $"NativeLambda.{Version}.snupkg"], files);
        foreach (string file in files)
        {
            byte[] one = await File.ReadAllBytesAsync(Path.Combine(feed, file), TestContext.Current.CancellationToken);
            byte[] other = await File.ReadAllBytesAsync(Path.Combine(again, file), TestContext.Current.CancellationToken);
            Assert.True(one.AsSpan().SequenceEqual(other), $"{file} differs");
        }
    }

    [Theory]
    [InlineData("a folder", "/srv/git/native-lambda.git", "")]
    [InlineData("a password", "https://me:secret@example.org/native-lambda.git", "https://example.org/native-lambda.git")]
    [InlineData("ssh", "git@github.com:example/native-lambda.git", "https://github.com/example/native-lambda.git")]
    public async Task Where_it_was_cloned_from_is_published_as_far_as_it_is_anybodys_to_read(string what, string remote, string published)
    {
        await packages.FeedAsync();
        await Tool.RunAsync("git", "-C", packages.Clone, "remote", "set-url", "origin", remote);
        try
        {
            string told = await Tool.RunAsync(
                "dotnet", "msbuild", Path.Combine(packages.Clone, "src", "NativeLambda"), "-nodeReuse:false", "-t:InitializeSourceControlInformation",
                "-getProperty:PrivateRepositoryUrl");
            Assert.True(published == told.Trim(), $"{what}: {told}");
        }
        finally
        {
            await Tool.RunAsync("git", "-C", packages.Clone, "remote", "set-url", "origin", SourceCopy.Remote);
        }
    }

    private static string Version => Property("Directory.Build.props", "Version");

    private static string Property(string file, string name) =>
        XDocument.Load(Path.Combine(Repository.Root, file)).Descendants(name).Single().Value;

    private static string PackageVersion(string package) => XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props"))
        .Descendants("PackageVersion").Single(version => version.Attribute("Include")!.Value == package).Attribute("Version")!.Value;

    private async Task<ZipArchive> OpenAsync(string extension) =>
        await ZipFile.OpenReadAsync(Path.Combine(await packages.FeedAsync(), $"NativeLambda.{Version}.{extension}"), TestContext.Current.CancellationToken);

    private static async Task<byte[]> ReadAsync(ZipArchive archive, string entry)
    {
        using var content = new MemoryStream();
        await using Stream stream = await archive.GetEntry(entry)!.OpenAsync(TestContext.Current.CancellationToken);
        await stream.CopyToAsync(content);
        return content.ToArray();
    }
}
