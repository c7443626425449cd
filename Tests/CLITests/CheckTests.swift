import Foundation
import JSONReader
import NetworkState
import TestSupport
import Testing

/// What `weft check` prints.
struct CheckTests {
    private static let odd = Repository.tests.appending(path: "CompilerTests/Fixtures/warned/unused-segment.json").path

    @Test func `what is odd and no mistake is told, and the topology is valid all the same`() throws {
        let finished = try Weft.run("check", Self.odd)
        #expect(finished.status == 0)
        #expect(finished.errors.contains("warning: ") && finished.errors.contains("[unused-segment]"))
        #expect(finished.output.hasSuffix(": valid\n"))
    }

    @Test func `programs are told of it too`() throws {
        let finished = try Weft.run("check", Self.odd, "--format", "json")
        #expect(finished.status == 0)
        let found = try #require(try JSON(parsing: finished.output).array)
        #expect(found.map { $0["severity"] } == ["warning"])
        #expect(finished.errors == "")
    }

    /// It wants containers apart that calico joins.
    private static let wishful = Repository.tests.appending(path: "CompilerTests/Fixtures/valid/two-hosts.json").path

    @Test func `an expectation that the plan does not meet is an error, with one pair and the count of them`() throws {
        let finished = try Weft.run("check", Self.wishful)
        #expect(finished.status == 4)
        #expect(finished.errors.hasPrefix("error[unwanted]: A1 gets an answer from B1 "))
        #expect(finished.errors.contains(", and 1 other pair alike\n  = cause: it goes by A1 A B B1"))
        #expect(finished.output.hasSuffix(": fails\n"))
    }

    @Test func `programs get the pair, the cause and the count`() throws {
        let finished = try Weft.run("check", Self.wishful, "--format", "json")
        #expect(finished.status == 4)
        let found = try #require(try JSON(parsing: finished.output).array?.first)
        #expect(found["code"] == "unwanted" && found["severity"] == "error")
        #expect(found["from"] == "A1" && found["to"] == "B1" && found["pairs"] == 2)
        #expect(finished.errors == "")
    }
}
