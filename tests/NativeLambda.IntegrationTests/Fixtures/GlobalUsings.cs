// The proxy that makes the network's faults: most tests that need a fixture may want it.
global using NativeLambda.Emulator.Faults;
