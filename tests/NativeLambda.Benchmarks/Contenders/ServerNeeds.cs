namespace NativeLambda.Benchmarks.Contenders;

/// <summary>What a function needs of the server: all the same, but for the floors, which leave out one thing after the other.</summary>
/// <param name="HasDatabase">Whether it asks one at all; else it has nothing to know the products from.</param>
/// <param name="IsTrusted">Whether it is let in without a password.</param>
/// <param name="UsesTls">Whether it speaks TLS.</param>
internal readonly record struct ServerNeeds(bool HasDatabase, bool IsTrusted, bool UsesTls)
{
    /// <summary>Of a function, by its short name.</summary>
    public static ServerNeeds Of(string key) => key switch
    {
        "floor-process" => new ServerNeeds(HasDatabase: false, IsTrusted: false, UsesTls: false),
        "floor-trust" => new ServerNeeds(HasDatabase: true, IsTrusted: true, UsesTls: false),
        "floor-scram" => new ServerNeeds(HasDatabase: true, IsTrusted: false, UsesTls: false),
        _ => new ServerNeeds(HasDatabase: true, IsTrusted: false, UsesTls: true),
    };
}
