using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using NativeLambda.Packaging.Archives;

namespace NativeLambda.Packaging.Bill;

/// <summary>
/// The software bill of materials, as CycloneDX 1.6 in JSON (https://cyclonedx.org/docs/1.6/json/): without the serial number and the
/// time that the format leaves to choice, so that the same package has the same bill.
/// </summary>
internal static class BillOfMaterials
{
    private const string Program = "bootstrap";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the bill of a package.</summary>
    /// <param name="packages">What the program was made of.</param>
    /// <param name="architecture">What it is for.</param>
    /// <param name="version">The function's.</param>
    /// <param name="files">What is in the package.</param>
    public static string Write(LinkedPackages packages, LambdaArchitecture architecture, string version, IReadOnlyCollection<PackedFile> files)
    {
        PackedFile program = files.Single(static file => file.IsProgram);
        var components = new JsonArray([.. packages.Linked.Select(package => Library(package, "required"))]);
        // Nothing of the compiler is in the program, but its faults may be.
        components.Add((JsonNode)Library(packages.Compiler, "excluded"));
        foreach (PackedFile file in files.Where(static file => !file.IsProgram).OrderBy(static file => file.Name, StringComparer.Ordinal))
            components.Add((JsonNode)new JsonObject { ["type"] = "file", ["bom-ref"] = $"file:{file.Name}", ["name"] = file.Name, ["hashes"] = Hash("SHA-256", DeploymentZip.Sha256(file.Content)) });

        Dictionary<string, PackageFolder> byName = packages.Linked.ToDictionary(static package => package.Id);
        var uses = new JsonArray(Uses(Program, packages.Linked.Select(static package => package.PackageUrl)));
        foreach (PackageFolder package in packages.Linked)
            uses.Add((JsonNode)Uses(package.PackageUrl, packages.Dependencies.GetValueOrDefault(package.Id, []).Where(byName.ContainsKey).Select(name => byName[name].PackageUrl)));

        var bill = new JsonObject
        {
            ["$schema"] = "http://cyclonedx.org/schema/bom-1.6.schema.json",
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.6",
            ["version"] = 1,
            ["metadata"] = new JsonObject
            {
                ["component"] = new JsonObject
                {
                    ["type"] = "application",
                    ["bom-ref"] = Program,
                    ["name"] = "NativeLambda.Function",
                    ["version"] = version,
                    ["hashes"] = Hash("SHA-256", DeploymentZip.Sha256(program.Content)),
                    ["licenses"] = Licence("MIT"),
                    ["properties"] = new JsonArray(new JsonObject { ["name"] = "aws:lambda:architecture", ["value"] = architecture.Name }),
                },
            },
            ["components"] = components,
            ["dependencies"] = uses,
        };
        return bill.ToJsonString(Indented) + "\n";
    }

    private static JsonObject Library(PackageFolder package, string scope)
    {
        var library = new JsonObject
        {
            ["type"] = "library",
            ["bom-ref"] = package.PackageUrl,
            ["name"] = package.Id,
            ["version"] = package.Version,
            ["scope"] = scope,
            ["hashes"] = Hash("SHA-512", package.Sha512),
        };
        if (package.Terms.Licence is { } licence) library["licenses"] = Licence(licence);
        if (package.Terms.Copyright is { } copyright) library["copyright"] = copyright;
        library["purl"] = package.PackageUrl;
        return library;
    }

    private static JsonArray Hash(string algorithm, string digits) => [new JsonObject { ["alg"] = algorithm, ["content"] = digits }];

    // One SPDX identifier is a licence, more of them are an expression.
    private static JsonArray Licence(string terms) => terms.Contains(' ', StringComparison.Ordinal)
        ? [new JsonObject { ["expression"] = terms }]
        : [new JsonObject { ["license"] = new JsonObject { ["id"] = terms } }];

    private static JsonObject Uses(string name, IEnumerable<string> used) =>
        new() { ["ref"] = name, ["dependsOn"] = new JsonArray([.. used.Order(StringComparer.Ordinal).Select(static other => JsonValue.Create(other))]) };
}
