"""Small determination letters in each of the historical layouts, written for the tests.

The persons, injuries and reasons are invented; only the forms are those of published letters.
"""

from __future__ import annotations

import textwrap
from pathlib import Path

from fpdf import FPDF


def method(reviewer: str, credentials: str = "") -> str:
    """The first paragraph, with the reviewer's credentials inside it where the layout has them there."""
    words = (
        f"MAXIMUS Federal Services sent the complete case file to {reviewer}. He/she has no affiliation with the "
        f"employer, employee, providers or the claims administrator. {credentials} He/she has been in active clinical "
        "practice for more than five years and is currently working at least 24 hours a week in active practice."
    )
    return textwrap.fill(words, 95)


LINES = f"""Case Number: CM16-0900001
Date Assigned: 12/05/2016 Date of Injury: 10/14/2016
Decision Date: 12/30/2016 UR Denial Date: 11/16/2016
Priority: Standard Application
Received:
11/28/2016
HOW THE IMR FINAL DETERMINATION WAS MADE
{method("an expert reviewer")}
The Expert Reviewer has the following credentials:
State(s) of Licensure: California,Oregon
Certification(s)/Specialty: Physical Medicine & Rehabilitation, Pain Management
CLINICAL CASE SUMMARY
The expert reviewer developed the following clinical case summary based on a review of the
case file, including all medical records:
The injured worker is a 44-year-old female, who sustained an industrial injury on 10-14-16 when a
shelf tipped over. Diagnoses include strain of the right shoulder and cervical sprain. Treatment to date
has included ibuprofen, a sling, and at least six (6) physical therapy sessions for the right shoulder. On 11-10-
2016, pain was rated 6-7 out of 10 and the work status was modified duty. There was no
documentation of functional improvement with therapy. Two acupuncture visits were completed. On
11-16-16, Utilization Review non-certified 20 sessions of aquatic therapy.
IMR ISSUES, DECISIONS AND RATIONALES
The Final Determination was based on decisions for the disputed items/services set forth below:
Physical therapy 3 times a week for 4 weeks (12) for the right shoulder was the original
request. Physical therapy for the right shoulder, 8 sessions was authorized by the Claims
Administrator. The remaining IMR eligible portion of the original request, Physical therapy
for the right shoulder, 4 sessions is: Upheld
Claims Administrator guideline: Decision based on MTUS Shoulder Complaints 2004, Section(s):
Initial Care, and Chronic Pain Medical Treatment 2016, Section(s): Physical medicine treatment. Decision
based on Non-MTUS Citation Official Disability Guidelines (ODG), Shoulder Chapter, Physical therapy.
MAXIMUS guideline: Decision based on MTUS Chronic Pain Medical Treatment 2016, Section(s):
Physical medicine treatment.
Decision rationale: The guidelines recommend 9-10 visits over 8 weeks for myalgia. The injured
worker has completed eight sessions of physical therapy. The goals of therapy were met. The four
further sessions exceed the guideline after 15 visits. The request is not medically necessary.
Acupuncture x 6 for the neck: Overturned
Claims Administrator guideline: The Claims Administrator did not cite any medical evidence for its
decision.
MAXIMUS guideline: Decision based on MTUS Acupuncture Treatment 2007.
Decision rationale: A trial of 3 to 6 treatments is recommended to produce functional improvement. The
patient's restrictions were lifted after two of the six visits. This request is medically necessary.
"""

INLINE = f"""Case Number: CM14-0900002 Date Assigned: 02/21/2014
Date of Injury: 09/03/2007 Decision Date: 06/26/2014
UR Denial Date: 12/20/2013
Priority: Standard Application Received: 01/31/2014
HOW THE IMR FINAL DETERMINATION WAS MADE
{method("an expert reviewer", "The expert reviewer is Board Certified in Psychiatry, has a subspecialty in Addiction Medicine and is licensed to practice in California and Nevada. ")}
CLINICAL CASE SUMMARY
The expert reviewer developed the following clinical case summary based on a review of the case
file, including all medical records:
This is a 47 year old man whose back was hurt when lifting a crate in September 2007. He has been diagnosed with
depressive disorder. He has completed twelve sessions of psychotherapy. His BDI score fell from 24 to 11 and
he feels ready to stop.
IMR ISSUES, DECISIONS AND RATIONALES
The Final Determination was based on decisions for the disputed items/services set forth below:
COGNITIVE BEHAVIORAL THERAPY X4: Upheld
Claims Administrator guideline: Decision based on MTUS Chronic Pain Treatment Guidelines Psychological
treatment.
MAXIMUS guideline: Decision based on MTUS Chronic Pain Treatment Guidelines Part 2 Page(s): 23.
Decision rationale: The guideline allows a total of up to 6-10 visits over 5-6 weeks. The patient has received
12 sessions of psychotherapy. The request is not medically necessary.
Final Determination Letter for IMR Case Number CM14-0900002 2
"""

DECISION_FOR = f"""Case Number: CM13-0900003 Date Assigned: 12/27/2013
Date of Injury: 08/28/2011 Decision Date: 03/20/2014
UR Denial Date: 10/02/2013
Priority: Expedited Application Received: 10/15/2013
HOW THE IMR FINAL DETERMINATION WAS MADE
{method("a physician reviewer", "The physician reviewer is Board Certified in Orthopedic Surgery and is licensed to practice in Texas. ")}
CLINICAL CASE SUMMARY
The expert reviewer developed the following clinical case summary based on a review of the case
file, including all medical records:
The patient is a 52 y/o male with knee pain after a fall.
IMR ISSUES, DECISIONS AND RATIONALES
The Final Determination was based on decisions for the disputed items/services set forth below:
1. Decision for MRI of the left knee is not medically necessary and appropriate.
The Claims Administrator based its decision on the Knee Complaints (ACOEM Practice Guidelines, 2nd Edition (2004),
Chapter 13), pages 341-343, which is part of the MTUS.
The Physician Reviewer based his/her decision on the MTUS Chronic Pain Guidelines, Imaging, page 33.
The Physician Reviewer's decision rationale:
The knee was stable. There was no documentation of red flags.
2. Decision for twelve (12) sessions of physical therapy for the left knee is medically necessary and appropriate.
The Claims Administrator based its decision on the Official Disability Guidelines (ODG), Knee Chapter, which is not
part of the MTUS.
The Physician Reviewer based his/her decision on the MTUS Postsurgical Treatment Guidelines.
The Physician Reviewer's decision rationale:
The employee had a meniscectomy in July.
"""

NOTICE = """MAXIMUS FEDERAL SERVICES, INC.
Independent Medical Review
Notice of Independent Medical Review Determination
Dated: 9/26/2013
Employee:
Claim Number:
Date of UR Decision: 8/30/2013
Date of Injury: 8/28/2001
IMR Application Received: 9/6/2013
MAXIMUS Case Number: CM13-0900004
1) MAXIMUS Federal Services, Inc. has determined the request for a 28 day
strengthening program is notmedically necessary and appropriate.
2) MAXIMUS Federal Services, Inc. has determined the request for six sessions of acupuncture
for the low back is medically necessary and appropriate.
INDEPENDENT MEDICAL REVIEW DECISION AND RATIONALE
An application for Independent Medical Review was filed on 9/6/2013 disputing the
Utilization Review Denial dated 8/30/2013. A Notice of Assignment and Request for
Information was provided to the above parties on 9/23/2013. A decision has been made
for each of the treatment and/or services that were in dispute:
1) MAXIMUS Federal Services, Inc. has determined the request for a 28 day
strengthening program is not medically necessary and appropriate.
2) MAXIMUS Federal Services, Inc. has determined the request for six sessions of acupuncture
for the low back is medically necessary and appropriate.
Medical Qualifications of the Expert Reviewer:
The independent Medical Doctor who made the decision has no affiliation with the
employer, employee, providers or the claims administrator. The physician reviewer is
Board Certified in Occupational Medicine and is licensed to practice in California.
Expert Reviewer Case Summary:
Disclaimer: The following case summary was taken directly from the utilization review
denial/modification dated August 30, 2013.
"The patient is a 44 year-old female with a date of injury of 8/28/2001. She has had 10 acupuncture visits."
Documents Reviewed for Determination:
The following relevant documents received from the interested parties were reviewed.
- Application for Independent Medical Review
1) Regarding the request for a 28 day strengthening program:
Section of the Medical Treatment Utilization Schedule Relied Upon by the Expert Reviewer to Make His/Her
Decision
The Claims Administrator based its decision on the California MTUS 2009, Chronic Pain Medical Treatment
Guidelines, Functional Restoration Programs (FRPs), page 49, which is part of the MTUS. The provider did not
dispute the guidelines used by the Claims Administrator. The Expert Reviewer found the guidelines used by the
Claims Administrator relevant and appropriate for the employee's clinical circumstance.
Rationale for the Decision:
The employee has not tried a shorter program.
2) Regarding the request for six sessions of acupuncture for the low back:
Section of the Medical Treatment Utilization Schedule Relied Upon by the Expert Reviewer to Make His/Her
Decision
The Claims Administrator based its decision on the Acupuncture Medical Treatment Guidelines (2007), which is part
of the MTUS. The Expert Reviewer relied on the Acupuncture Medical Treatment Guidelines (2007), pages 8-9.
Rationale for the Decision:
The employee reported relief with acupuncture.
Effect of the Decision:
The determination is deemed to be the Final Determination of the Administrative Director.
Sincerely,
"""

PROFESSIONAL = """MEDICAL PROFESSIONAL REVIEW
Case Number: CM13-0900005
Date of Injury: 03/04/2012
Date of Decision: 08/19/2013
ISSUE AT DISPUTE
1. Whether the request for chiropractic treatment, 8 visits for the neck is medically necessary
2. Whether the request for a cervical pillow is medically necessary
CASE SUMMARY
The claimant is a 31-year-old man with neck pain. He underwent 6 chiropractic visits.
DOCUMENTS REVIEWED
Progress reports.
GUIDELINES
MTUS Chronic Pain Medical Treatment Guidelines, Manual therapy and manipulation, page 58.
DECISION
1. The request for chiropractic treatment, 8 visits for the neck is not medically necessary.
2. The request for a cervical pillow is medically necessary.
RATIONALE
1. The claimant attended six visits. Their results were not recorded.
2. A pillow keeps the neck at rest.
"""

# The form of 2013 to 2015 without its header table; the dates lack their years.
HEADERLESS = f"""HOW THE IMR FINAL DETERMINATION WAS MADE
{method("an expert reviewer", "The expert reviewer is Board Certified in Psychology and is licensed to practice in California. ")}
CLINICAL CASE SUMMARY
The expert reviewer developed the following clinical case summary based on a review of the case
file, including all medical records:
This is a 47 year old man who was hurt at work in September 2007. His diagnoses are depressive disorder NOS and
chronic pain. He had 12 sessions of cognitive behavioral therapy and relaxation training. In April his BDI was 22. At
his last visit on August 5 the BDI was 10, and he said he was ready to end the treatment. No rationale for further
sessions was given in the notes of that visit.
IMR ISSUES, DECISIONS AND RATIONALES
The Final Determination was based on decisions for the disputed items/services set forth below:
COGNITIVE BEHAVIORAL THERAPY AND RELAXATION TRAINING, 4 ADDITIONAL SESSIONS: Upheld
Claims Administrator guideline: Decision based on MTUS Chronic Pain Treatment Guidelines Psychological Treatment,
Behavioral Interventions.
MAXIMUS guideline: Decision based on MTUS Chronic Pain Treatment Guidelines Part 2, Pain Interventions and
Treatments Page(s): 23.
Decision rationale: The guideline speaks of 6 to 10 visits over 5 to 6 weeks. He has had more than that, and his mood
is much better. The request exceeds the guideline and is not medically necessary.
"""

ALL = {
    "headerless": HEADERLESS,
    "credentials_lines": LINES,
    "credentials_inline": INLINE,
    "decision_for": DECISION_FOR,
    "notice": NOTICE,
    "professional_review": PROFESSIONAL,
}


ONE_SENTENCE = f"""Case Number: CM16-0900008
Date Assigned: 12/05/2016 Date of Injury: 10/14/2015
Decision Date: 12/30/2016 UR Denial Date: 11/28/2016
Priority: Standard Application
Received:
12/01/2016
HOW THE IMR FINAL DETERMINATION WAS MADE
{method("an expert reviewer")}
The Expert Reviewer has the following credentials:
State(s) of Licensure: California
Certification(s)/Specialty: Physical Medicine & Rehabilitation
CLINICAL CASE SUMMARY
The expert reviewer developed the following clinical case summary based on a review of the
case file, including all medical records:
The injured worker is a 44-year-old who sustained an industrial injury on 10-14-15.
@SUMMARY
IMR ISSUES, DECISIONS AND RATIONALES
The Final Determination was based on decisions for the disputed items/services set forth below:
@TITLE: Upheld
Claims Administrator guideline: The Claims Administrator did not cite any medical evidence for its
decision.
MAXIMUS guideline: Decision based on MTUS Chronic Pain Medical Treatment 2016.
Decision rationale: @RATIONALE
"""


def one_sentence(title: str, summary: str, rationale: str) -> str:
    """A letter about one item that says one thing in its summary and one in its rationale."""
    text = ONE_SENTENCE
    for place, words in (("@SUMMARY", summary), ("@TITLE", title), ("@RATIONALE", rationale)):
        text = text.replace(place, textwrap.fill(words, 95, break_on_hyphens=False))
    return text


def pages_of(text: str, lines: int = 30) -> list[str]:
    """Cut a letter into pages of so many lines, wherever that falls."""
    rows = text.splitlines()
    return ["\n".join(rows[at : at + lines]) for at in range(0, len(rows), lines)]


def write_pdf(path: Path, text: str, *, lines: int = 30, password: str | None = None) -> Path:
    """Write a letter as a PDF, line by line as it stands, so many lines a page."""
    document = FPDF(format="letter")
    document.set_font("Helvetica", size=8)
    if password is not None:
        document.set_encryption(owner_password="owner", user_password=password)
    for page in pages_of(text, lines):
        document.add_page()
        for row in page.splitlines():
            document.cell(text=row, new_x="LMARGIN", new_y="NEXT")
    document.output(str(path))
    return path
