package sla

// findingCodes are all codes of findings, by name.
var findingCodes = []FindingCode{
	{"all-calls-against-precision", Contradiction, "all calls must be answered within a time, but not all need an answer (§4.8, §4.10)", Text{
		"en": "Say what a call without an answer counts as.", "sv": "Ange vad ett obesvarat anrop räknas som.",
	}},
	{"availability-limits-disagree", Contradiction, "a share of the opening hours and a downtime in hours, for one period, that allow different downtimes (§4.9.1)", Text{
		"en": "Agree on one of them.", "sv": "Kom överens om en av dem.",
	}},
	{"capacity-limits-disagree", Contradiction, "limits of capacity that differ when they are written in one unit (§4.7)", Text{
		"en": "Agree on one figure, with its window and its model.", "sv": "Kom överens om en siffra, med fönster och modell.",
	}},
	{"continuity-backups-cannot-give-rpo", Contradiction, "an RPO of the last transaction, which no frequency of backups gives", Text{
		"en": "Agree on what else keeps the transactions.", "sv": "Kom överens om vad annat som bevarar transaktionerna.",
	}},
	{"continuity-backups-too-rare", Contradiction, "backups that may be further apart than the RPO allows", Text{
		"en": "Take backups more often, or loosen the RPO.", "sv": "Säkerhetskopiera oftare, eller höj RPO.",
	}},
	{"continuity-blank", Gap, "continuity without a figure (§4.12.1)", Text{
		"en": "Fill in RTO, RPO and the frequency of backups.", "sv": "Fyll i RTO, RPO och frekvens för säkerhetskopiering.",
	}},
	{"continuity-chain-over-promise", Contradiction, "a service that is promised sooner than what it needs can be there", Text{
		"en": "Loosen its RTO, or tighten those of what it needs.", "sv": "Höj dess RTO, eller sänk dem för det som den behöver.",
	}},
	{"continuity-last-backup-undated", Gap, "an RPO of the last backup, without a frequency of backups", Text{
		"en": "Agree on how often backups are taken.", "sv": "Kom överens om hur ofta säkerhetskopior tas.",
	}},
	{"continuity-rto-over-mtpd", Contradiction, "an RTO, and work recovery time, longer than the disruption that is tolerable", Text{
		"en": "Shorten the RTO, or lengthen the MTPD.", "sv": "Sänk RTO, eller höj MTPD.",
	}},
	{"credit-above-goal", Contradiction, "a credit for months that meet the goal", Text{
		"en": "Let the highest credit begin at the goal.", "sv": "Låt den högsta ersättningen börja vid målet.",
	}},
	{"credit-gap", Gap, "months that miss the goal and have no credit", Text{
		"en": "Let the highest credit begin at the goal, or say that there is none above it.", "sv": "Låt den högsta ersättningen börja vid målet, eller ange att ingen ges ovanför.",
	}},
	{"credit-not-rising", Contradiction, "a credit that is not higher for a worse month", Text{
		"en": "Let credits rise as the availability falls.", "sv": "Låt ersättningen stiga när tillgängligheten sjunker.",
	}},
	{"days-among-business-days", Contradiction, "targets in calendar days among targets in business days (§4.5)", Text{
		"en": "Write all of them in business days, or say that it is meant.", "sv": "Skriv alla i arbetsdagar, eller ange att det är avsett.",
	}},
	{"impact-gap", Gap, "numbers of base services down that are in no impact (§4.3)", Text{
		"en": "Give every number of base services down an impact.", "sv": "Ge varje antal bastjänster nere en påverkan.",
	}},
	{"limit-never-binds", Remark, "a limit that another one always breaks first", Text{
		"en": "Leave it out, or tighten it.", "sv": "Utelämna den, eller skärp den.",
	}},
	{"matrix-not-monotone", Contradiction, "a worse impact or class that gives a lower priority", Text{
		"en": "Let priorities fall along rows and columns.", "sv": "Låt prioriteten sjunka längs rader och kolumner.",
	}},
	{"no-open-time", Contradiction, "a service time that never opens in the year, on which no target can be met", Text{
		"en": "Give it hours, or leave it out.", "sv": "Ge den tider, eller utelämna den.",
	}},
	{"no-target", Gap, "levels or order types without any target (§4.4)", Text{
		"en": "Agree on targets, or write N/A.", "sv": "Kom överens om mål, eller skriv N/A.",
	}},
	{"not-agreed-with-rules", Contradiction, "a section that is not agreed as content of the report, though there are rules for it (§5.1)", Text{
		"en": "Make it content of the report, or leave out its rules.", "sv": "Låt den ingå i rapporten, eller utelämna dess regler.",
	}},
	{"open-point-stale", Remark, "an open point whose reading is nowhere in the document", Text{
		"en": "Correct its path, or delete it.", "sv": "Rätta dess sökväg, eller ta bort den.",
	}},
	{"period-limits-disagree", Contradiction, "a limit for a short period that, reached every time, breaks the one for a longer (§4.9.1)", Text{
		"en": "Say that both hold, or make them agree.", "sv": "Ange att båda gäller, eller låt dem stämma överens.",
	}},
	{"provider-hours-shorter", Gap, "a provider without support in some of the support hours (§4.2.1)", Text{
		"en": "Say who supports its service then.", "sv": "Ange vem som ger support då.",
	}},
	{"quorum-and-impact", Contradiction, "an incident's impact and the service's condition that do not follow from each other (§4.3, §4.9)", Text{
		"en": "Define the impact by the condition.", "sv": "Definiera påverkan utifrån tillgängligheten.",
	}},
	{"quorum-gap", Gap, "numbers of answers that are in no class of availability (§4.9)", Text{
		"en": "Say that fewer answers than needed are unavailable.", "sv": "Ange att färre svar än som krävs är otillgänglig.",
	}},
	{"required-without-rules", Gap, "a section that the report must have, without rules for it (§5.1)", Text{
		"en": "Agree on its rules.", "sv": "Kom överens om dess regler.",
	}},
	{"response-over-resolution", Contradiction, "a response that is due after the resolution", Text{
		"en": "Shorten the response, or lengthen the resolution.", "sv": "Korta responsen, eller förläng åtgärdstiden.",
	}},
	{"target-missing", Gap, "a level without a target that a lower one has", Text{
		"en": "Agree on one, or write N/A.", "sv": "Kom överens om ett, eller skriv N/A.",
	}},
	{"targets-not-monotone", Contradiction, "a higher priority that is due later than a lower one", Text{
		"en": "Let targets grow as priorities fall.", "sv": "Låt målen växa när prioriteten sjunker.",
	}},
	{"timing-out-of-hours", Gap, "instants out of hours that are in no class of timing (§4.3)", Text{
		"en": "Say which class holds out of hours.", "sv": "Ange vilken klass som gäller utanför öppettid.",
	}},
	{"timing-without-figures", Gap, "classes of timing that never occur, for want of a figure (§4.3)", Text{
		"en": "Agree on how many days are close, and on the dates of low season.", "sv": "Kom överens om hur många dagar som är nära, och om lågsäsongens datum.",
	}},
	{"underpinning-looser", Contradiction, "an underpinning contract that allows more than the agreement it underpins: [ReviewChain]", Text{
		"en": "Tighten the underpinning contract, or loosen the agreement.", "sv": "Skärp underleverantörens avtal, eller lätta på avtalet.",
	}},
	{"underpinning-missing", Gap, "something agreed that the underpinning contract says nothing of: [ReviewChain]", Text{
		"en": "Agree on it in the underpinning contract.", "sv": "Kom överens om det i underleverantörens avtal.",
	}},
	{"underpinning-reads-otherwise", Contradiction, "an underpinning contract that reads otherwise what it shares with the agreement: [ReviewChain]", Text{
		"en": "Use one reading in both.", "sv": "Använd samma läsning i båda.",
	}},
	{"versions-gap", Gap, "dates on which no version of an agreement holds: [Versions.Review]", Text{
		"en": "Let the next version begin the day after.", "sv": "Låt nästa version börja dagen efter.",
	}},
	{"versions-overlap", Contradiction, "dates on which two versions of an agreement hold: [Versions.Review]", Text{
		"en": "Let the former version end the day before.", "sv": "Låt den tidigare versionen sluta dagen före.",
	}},
}
