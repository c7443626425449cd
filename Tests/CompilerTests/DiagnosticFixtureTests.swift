import Compiler
import Foundation
import TestSupport
import Testing

struct DiagnosticFixtureTests {
    /// No text leads there: what is compiled has them right (`EntryCheckTests`).
    private static let ofStates: Set<DiagnosticCode> = [
        .unansweredGateway, .idleProxy, .proxyDelay, .incompleteTunnel,
    ]

    private let golden = Repository.tests.appending(path: "CompilerTests/Golden/diagnostics")

    @Test(arguments: Fixture.invalid)
    func `an invalid topology is refused with every mistake in it`(_ fixture: Fixture) {
        let found = diagnostics(of: fixture.source)
        #expect(found.hasErrors)
        expectGolden(
            found.rendered(in: fixture.source, colour: false), golden.appending(path: "\(fixture.name).txt"))
    }

    @Test(arguments: Fixture.warned)
    func `an odd topology is accepted with a warning`(_ fixture: Fixture) {
        let found = diagnostics(of: fixture.source)
        #expect(!found.isEmpty)
        #expect(!found.hasErrors)
        expectGolden(
            found.rendered(in: fixture.source, colour: false), golden.appending(path: "\(fixture.name).txt"))
    }

    @Test(arguments: Fixture.predicted)
    func `a topology whose packets do not fare as they should is told so, with the place and the cause`(
        _ fixture: Fixture
    ) throws {
        #expect(diagnostics(of: fixture.source).isEmpty)
        expectGolden(
            try fixture.findings().rendered(in: fixture.source, colour: false),
            golden.appending(path: "\(fixture.name).txt"))
    }

    @Test(arguments: Fixture.valid + Fixture.sabotaged)
    func `a valid topology is accepted without a word`(_ fixture: Fixture) {
        #expect(diagnostics(of: fixture.source).rendered(in: fixture.source, colour: false) == "")
    }

    @Test(arguments: DiagnosticCode.allCases)
    func `each code has a fixture that earns it`(_ code: DiagnosticCode) throws {
        if Self.ofStates.contains(code) { return }
        let fixture = try #require(
            (Fixture.invalid + Fixture.warned + Fixture.predicted).first { $0.name == code.rawValue })
        let found = diagnostics(of: fixture.source).all + ((try? fixture.findings().all) ?? [])
        #expect(found.contains { $0.code == code })
    }

    @Test(arguments: DiagnosticCode.allCases)
    func `each code has a section in the documentation`(_ code: DiagnosticCode) throws {
        let text = try String(contentsOf: Repository.root.appending(path: "docs/diagnostics.md"), encoding: .utf8)
        #expect(text.contains("\n## `\(code.rawValue)`\n"))
    }

    @Test func `the documentation has no section for a code there is not`() throws {
        let text = try String(contentsOf: Repository.root.appending(path: "docs/diagnostics.md"), encoding: .utf8)
        let sections = text.matches(of: /\n## `([a-z-]+)`/).map { String($0.1) }
        #expect(Set(sections) == Set(DiagnosticCode.allCases.map(\.rawValue)))
    }
}
