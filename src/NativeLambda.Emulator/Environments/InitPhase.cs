namespace NativeLambda.Emulator.Environments;

/// <summary>In which phase Init runs; the names are those of the INIT_REPORT line.</summary>
internal enum InitPhase
{
    /// <summary>The Init phase, limited to 10 seconds.</summary>
    Init,

    /// <summary>Again, inside an invocation, under the function's timeout ("suppressed Init").</summary>
    Invoke,
}
