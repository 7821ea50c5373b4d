namespace NativeLambda.Benchmarks.Profiling;

/// <summary>To what a function of this repository's program belongs, by the way its symbol begins.</summary>
internal static class ProfileGroups
{
    private const string Program = "bootstrap";

    // The compiler writes the assembly's name before the type's, with _ for dots.
    private static readonly (string Prefix, string Group)[] Managed =
    [
        ("NativeLambda_Function", "NativeLambda.Function"),
        ("bootstrap_", "NativeLambda.Function"),
        ("NativeLambda_", "NativeLambda"),
        ("Npgsql_", "Npgsql"),
        ("System_Text_Json", "System.Text.Json"),
        ("System_Text_Encodings", "System.Text.Json"),
        ("System_Net_Security", "System.Net.Security"),
        ("System_Net_", "System.Net"),
        ("System_Security_Cryptography", "System.Security.Cryptography"),
        ("S_P_", "System.Private.CoreLib"),
        ("System_", "other .NET libraries"),
        ("Microsoft_", "other .NET libraries"),
        ("Rhp", "the runtime"),
        ("Rh", "the runtime"),
    ];

    // For a program that has OpenSSL in itself: how its functions are called, and its own assembly code.
    private static readonly string[] OpenSsl =
    [
        "EVP_", "evp_", "SSL_", "ssl", "tls", "OPENSSL", "CRYPTO_", "ossl_", "X509", "x509", "ASN1", "asn1", "BN_", "bn_", "EC_", "ec_", "ecp_", "ECDSA", "sha", "SHA",
        "HMAC", "hmac", "AES", "aes", "RAND", "rand_", "drbg", "ERR_", "BIO_", "PKCS", "d2i", "i2d", "OBJ_", "PEM", "x25519", "fe51", "fe64", "gcm_", "conf_", "NCONF",
        "core_", "provider", "encode", "decode", "property", "namemap", "lh_", "sk_", "ASYNC", "WPACKET", "PACKET",
    ];

    /// <summary>A library by its file name; of the program itself, the assembly, OpenSSL, or the runtime.</summary>
    public static string Of(CallgrindFunction function)
    {
        if (function.Module != Program) return Library(function.Module);
        foreach ((string prefix, string group) in Managed)
            if (function.Name.StartsWith(prefix, StringComparison.Ordinal)) return group;
        return OpenSsl.Any(prefix => function.Name.StartsWith(prefix, StringComparison.Ordinal)) ? "OpenSSL, in the program" : "the runtime";
    }

    /// <summary>"libcrypto.so.3" is libcrypto.</summary>
    private static string Library(string file)
    {
        int end = file.IndexOf(".so", StringComparison.Ordinal);
        return end > 0 ? file[..end] : file;
    }
}
