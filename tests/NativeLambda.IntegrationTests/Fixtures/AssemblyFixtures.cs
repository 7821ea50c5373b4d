using NativeLambda.IntegrationTests.Fixtures;

// Both do nothing until a test asks, so that a selection of tests pays only for what it uses.
[assembly: AssemblyFixture(typeof(PostgresFixture))]
[assembly: AssemblyFixture(typeof(BootstrapFixture))]
