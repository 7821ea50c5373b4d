using System.Globalization;
using System.Reflection;
using NativeLambda.Packaging.Archives;
using NativeLambda.Packaging.Bill;
using NativeLambda.Packaging.Certificates;
using NativeLambda.Packaging.Elf;
using NativeLambda.Packaging.Publishing;

namespace NativeLambda.Packaging;

/// <summary>Makes one package: publishes the function, checks the program, packs it, and says what is in it.</summary>
/// <param name="architecture">What it is for.</param>
/// <param name="bundles">Certification authorities that go with it.</param>
internal sealed class Packer(LambdaArchitecture architecture, IReadOnlyList<CaBundle> bundles)
{
    private const string Program = "bootstrap";

    // Symbols: Lambda never reads them, and they are larger than the program.
    private static readonly string[] LeftOut = [".dbg", ".pdb"];

    private readonly string _root = FindRoot();

    /// <summary>Makes it.</summary>
    /// <param name="output">The folder for it; null for artifacts/package.</param>
    /// <param name="largest">How many bytes it may have, CA bundles aside.</param>
    /// <param name="locked">Whether the packages must be those of the lock files.</param>
    /// <exception cref="PackageException">There is none; the message says why.</exception>
    public async Task RunAsync(string? output, int largest, bool locked)
    {
        string work = Path.Combine(_root, "artifacts", "package"), published = Path.Combine(work, "publish", architecture.Name);
        await PublishAsync(work, published, locked);
        string[] own = [.. Directory.GetFiles(published, "*", SearchOption.AllDirectories).Where(static file => !LeftOut.Contains(Path.GetExtension(file)))];
        PackedFile[] files =
        [
            .. own.Select(file => Pack(published, file)),
            .. bundles.Select(static bundle => new PackedFile(bundle.Name, bundle.Content)),
        ];
        CheckProgram(files.Single(static file => file.IsProgram));
        byte[] zip = DeploymentZip.Pack(files);
        CheckSize(files, zip, largest);

        LinkedPackages packages = LinkedPackages.Read(Path.Combine(work, "build", "obj", Path.GetFileName(Project), "project.assets.json"), architecture);
        string version = Assembly.GetExecutingAssembly().GetName().Version!.ToString(3);
        string bill = BillOfMaterials.Write(packages, architecture, version, files), notices = Notices.Write(packages.Linked);
        string folder = Directory.CreateDirectory(output ?? work).FullName, name = Path.Combine(folder, $"{Program}-{architecture.Name}");
        await File.WriteAllTextAsync($"{name}.cdx.json", bill);
        await File.WriteAllTextAsync($"{name}.notices.txt", notices);
        await File.WriteAllBytesAsync($"{name}.zip", zip);
        string sum = DeploymentZip.Sha256(zip);
        await File.WriteAllTextAsync($"{name}.zip.sha256", $"{sum}  {Path.GetFileName(name)}.zip\n");
        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{name}.zip: {zip.Length} bytes, SHA-256 {sum}"));
        foreach (PackedFile file in files) await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {file.Name} {file.Content.Length}"));
    }

    private string Project => Path.GetFullPath(Path.Combine(_root, Defaults.ProjectLocation));

    private ToolDefaults Defaults => field ??= ToolDefaults.Read(Path.Combine(_root, ToolDefaults.FileName));

    private async Task PublishAsync(string work, string published, bool locked)
    {
        IReadOnlyList<string> cross = CrossCompiler.Arguments(_root, architecture);
        // As the tool does: what an earlier version has left there would be packed.
        if (Directory.Exists(published)) Directory.Delete(published, recursive: true);
        // A folder of its own for what lies between: other builds have other settings.
        await DotnetPublish.RunAsync(
        [
            .. PublishArguments.Compose(_root, Defaults, architecture, published),
            $"-p:ArtifactsPath={Path.Combine(work, "build")}",
            locked ? "-p:RestoreLockedMode=true" : "-p:RestoreForceEvaluate=true",
            .. cross,
        ]);
        // So it is, too, when it was interrupted.
        if (!File.Exists(Path.Combine(published, Program))) throw PackageException.ForProgram($"dotnet publish has left no {Program} in {published}");
    }

    private void CheckProgram(PackedFile program)
    {
        string[] secrets = [_root, .. new[] { Environment.GetEnvironmentVariable("HOME") }.OfType<string>().Where(static home => home.Length > 1).Select(static home => home.TrimEnd('/') + "/")];
        string[] objections = [.. AmazonLinux.Objections(new ElfImage(program.Content), architecture, secrets)];
        if (objections.Length > 0) throw PackageException.ForProgram($"{Program} is not fit for {architecture.Name} on provided.al2023:\n  {string.Join("\n  ", objections)}");
    }

    private void CheckSize(PackedFile[] files, byte[] zip, int largest)
    {
        foreach (CaBundle bundle in bundles.Where(static bundle => bundle.Count >= CaBundle.Many))
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $">> {bundle.Name} has {bundle.Count} certificates, all of which a cold start reads: RDS's bundle of one region has a handful (docs/deploying.md)"));
        int withoutBundles = bundles.Count == 0 ? zip.Length : DeploymentZip.Pack([.. files.SkipLast(bundles.Count)]).Length;
        if (withoutBundles > largest)
            throw PackageException.ForProgram(string.Create(CultureInfo.InvariantCulture, $"the package has {withoutBundles} bytes, {largest} are allowed: find what has grown, or raise --max-size"));
    }

    private static PackedFile Pack(string folder, string file)
    {
        string name = Path.GetRelativePath(folder, file).Replace('\\', '/');
        return new PackedFile(name, File.ReadAllBytes(file), name == Program);
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "NativeLambda.sln"))) return at.FullName;
        throw PackageException.ForInput($"{AppContext.BaseDirectory} is in no clone of the repository: use build/package");
    }
}
