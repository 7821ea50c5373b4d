using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace NativeLambda.Database;

/// <summary>
/// What a program can tell OpenSSL beforehand, where it is linked with <c>Native/openssl_start.c</c>: not under the JIT.
/// </summary>
internal static partial class OpenSslStart
{
    [FeatureSwitchDefinition("NativeLambda.OpenSslStart")]
    private static bool IsLinked => AppContext.TryGetSwitch("NativeLambda.OpenSslStart", out bool isLinked) && isLinked;

    /// <summary>
    /// Has OpenSSL loaded and initialized while the server's first answer is waited for, which takes it about as long. The wait is one of
    /// <see cref="Runtime.SocketPatience"/>: without it, all is done when TLS needs it.
    /// </summary>
    public static void InNextWait()
    {
        if (IsLinked)
            Start();
    }

    /// <summary>Leaves the certificates of the system unread, or returns <see langword="false"/> where it cannot.</summary>
    public static bool TryTrustNobody()
    {
        if (IsLinked)
            TrustNobody();
        return IsLinked;
    }

    [LibraryImport("nativelambda", EntryPoint = "nativelambda_openssl_start")]
    private static partial void Start();

    [LibraryImport("nativelambda", EntryPoint = "nativelambda_openssl_trust_nobody")]
    private static partial void TrustNobody();
}
