package arabic

import "time"

// All words here are as [Fold] leaves them.

var latinMonths = map[string]int{
	"january": 1, "jan": 1, "janvier": 1, "february": 2, "feb": 2, "fevrier": 2, "march": 3, "mar": 3, "mars": 3,
	"april": 4, "apr": 4, "avril": 4, "may": 5, "mai": 5, "june": 6, "jun": 6, "juin": 6, "july": 7, "jul": 7, "juillet": 7,
	"august": 8, "aug": 8, "aout": 8, "september": 9, "sep": 9, "sept": 9, "septembre": 9, "october": 10, "oct": 10, "octobre": 10,
	"november": 11, "nov": 11, "novembre": 11, "december": 12, "dec": 12, "decembre": 12,
}

var dayNames = map[string]time.Weekday{
	"الاحد": time.Sunday, "احد": time.Sunday, "sun": time.Sunday, "sunday": time.Sunday,
	"الاثنين": time.Monday, "اثنين": time.Monday, "الاثنان": time.Monday, "mon": time.Monday, "monday": time.Monday,
	"الثلاثاء": time.Tuesday, "ثلاثاء": time.Tuesday, "الثلاثا": time.Tuesday, "الثلثاء": time.Tuesday, "tue": time.Tuesday, "tuesday": time.Tuesday,
	"الاربعاء": time.Wednesday, "اربعاء": time.Wednesday, "الاربعا": time.Wednesday, "wed": time.Wednesday, "wednesday": time.Wednesday,
	"الخميس": time.Thursday, "خميس": time.Thursday, "thu": time.Thursday, "thursday": time.Thursday,
	"الجمعه": time.Friday, "جمعه": time.Friday, "fri": time.Friday, "friday": time.Friday,
	"السبت": time.Saturday, "سبت": time.Saturday, "sat": time.Saturday, "saturday": time.Saturday,
}

// furniture are words that stand around a date and change nothing about it.
var furniture = map[string]bool{
	"يوم": true, "في": true, "بتاريخ": true, "تاريخ": true, "التاريخ": true, "الموافق": true, "موافق": true, "الموافقه": true,
	"نشر": true, "نشرت": true, "النشر": true, "كتب": true, "اضيف": true, "اضيفت": true, "تم": true, "تحديث": true, "التحديث": true,
	"اخر": true, "حدث": true, "محدث": true, "حدثت": true, "من": true, "عام": true, "سنه": true, "شهر": true, "الساعه": true, "ساعه": true,
	"عند": true, "على": true, "علي": true, "الوقت": true, "وقت": true, "و": true, "at": true, "on": true, "t": true, "هذا": true,
}

// eras are the signs behind a year. م there says Christian era, not afternoon.
var eras = map[string]bool{"م": true, "ه": true, "ميلادي": true, "ميلاديه": true, "هجري": true, "هجريه": true, "للهجره": true, "ميلاد": true}

// half says what a word makes of an hour of twelve.
type half uint8

const (
	morning half = iota + 1
	afternoon
	night // before midnight in the evening hours, after it in the early ones
)

var halves = map[string]half{
	"ص": morning, "صباحا": morning, "صباح": morning, "الصباح": morning, "فجرا": morning, "الفجر": morning, "am": morning, "ضحي": morning, "صباحاً": morning,
	"م": afternoon, "مساء": afternoon, "المساء": afternoon, "ظهرا": afternoon, "الظهر": afternoon, "عصرا": afternoon, "العصر": afternoon, "pm": afternoon, "مساءا": afternoon,
	"ليلا": night, "الليل": night,
}

// abbreviations are zones that stand before a time, in hours from Greenwich. KSA is the Kingdom of Saudi
// Arabia, GST the time of the Gulf.
var abbreviations = map[string]int{"ksa": 3, "gst": 4, "gmt": 0, "utc": 0}

// places name a zone behind «بتوقيت». Each maps to its zone in the IANA database.
var places = map[string]string{
	"غرينتش": "UTC", "غرينيتش": "UTC", "جرينتش": "UTC", "جرينيتش": "UTC", "قرينتش": "UTC", "غرينتيش": "UTC", "جرينتيش": "UTC", "غرينويتش": "UTC", "جرينويتش": "UTC", "الدولي": "UTC", "العالمي": "UTC",
	"مكه": "Asia/Riyadh", "السعوديه": "Asia/Riyadh", "الرياض": "Asia/Riyadh", "المملكه": "Asia/Riyadh", "الكويت": "Asia/Kuwait", "قطر": "Asia/Qatar", "الدوحه": "Asia/Qatar", "البحرين": "Asia/Bahrain", "المنامه": "Asia/Bahrain",
	"بغداد": "Asia/Baghdad", "العراق": "Asia/Baghdad", "صنعاء": "Asia/Aden", "اليمن": "Asia/Aden", "عدن": "Asia/Aden",
	"الامارات": "Asia/Dubai", "ابوظبي": "Asia/Dubai", "ابو": "Asia/Dubai", "دبي": "Asia/Dubai", "عمان": "", "مسقط": "Asia/Muscat", "سلطنه": "Asia/Muscat",
	"القاهره": "Africa/Cairo", "مصر": "Africa/Cairo", "بيروت": "Asia/Beirut", "لبنان": "Asia/Beirut", "دمشق": "Asia/Damascus", "سوريا": "Asia/Damascus", "سوريه": "Asia/Damascus",
	"الاردن": "Asia/Amman", "القدس": "Asia/Jerusalem", "فلسطين": "Asia/Gaza", "غزه": "Asia/Gaza", "رام": "Asia/Hebron",
	"طرابلس": "Africa/Tripoli", "ليبيا": "Africa/Tripoli", "تونس": "Africa/Tunis", "الجزائر": "Africa/Algiers", "المغرب": "Africa/Casablanca", "الرباط": "Africa/Casablanca", "نواكشوط": "Africa/Nouakchott", "موريتانيا": "Africa/Nouakchott",
	"الخرطوم": "Africa/Khartoum", "السودان": "Africa/Khartoum", "مقديشو": "Africa/Mogadishu", "الصومال": "Africa/Mogadishu", "جيبوتي": "Africa/Djibouti",
	"تركيا": "Europe/Istanbul", "انقره": "Europe/Istanbul", "اسطنبول": "Europe/Istanbul", "طهران": "Asia/Tehran", "ايران": "Asia/Tehran",
	"لندن": "Europe/London", "بريطانيا": "Europe/London", "باريس": "Europe/Paris", "فرنسا": "Europe/Paris", "برلين": "Europe/Berlin", "موسكو": "Europe/Moscow", "نيويورك": "America/New_York", "واشنطن": "America/New_York",
	"المانيا": "Europe/Berlin", "روسيا": "Europe/Moscow",
}

// suffixes of places that name the same zone: مكة المكرمة, أبو ظبي, القدس المحتلة, رام الله, سلطنة عمان.
var placeTails = map[string]bool{"المكرمه": true, "ظبي": true, "المحتله": true, "الله": true, "عمان": true, "العربيه": true, "السعوديه": true, "المغربيه": true}

var unitsOfTime = map[string]span{
	"ثانيه": {n: 1, d: time.Second}, "ثوان": {d: time.Second}, "ثواني": {d: time.Second}, "ثانيتين": {n: 2, d: time.Second}, "ثانيتان": {n: 2, d: time.Second},
	"دقيقه": {n: 1, d: time.Minute}, "دقائق": {d: time.Minute}, "دقايق": {d: time.Minute}, "دقيقتين": {n: 2, d: time.Minute}, "دقيقتان": {n: 2, d: time.Minute},
	"ساعه": {n: 1, d: time.Hour}, "ساعات": {d: time.Hour}, "ساعتين": {n: 2, d: time.Hour}, "ساعتان": {n: 2, d: time.Hour},
	"يوم": {n: 1, days: 1}, "يوما": {n: 1, days: 1}, "ايام": {days: 1}, "يومين": {n: 2, days: 1}, "يومان": {n: 2, days: 1},
	"اسبوع": {n: 1, days: 7}, "اسبوعا": {n: 1, days: 7}, "اسابيع": {days: 7}, "اسبوعين": {n: 2, days: 7}, "اسبوعان": {n: 2, days: 7},
	"شهر": {n: 1, months: 1}, "شهرا": {n: 1, months: 1}, "اشهر": {months: 1}, "شهور": {months: 1}, "شهرين": {n: 2, months: 1}, "شهران": {n: 2, months: 1},
	"سنه": {n: 1, months: 12}, "سنوات": {months: 12}, "سنين": {months: 12}, "سنتين": {n: 2, months: 12}, "عام": {n: 1, months: 12}, "عاما": {n: 1, months: 12}, "اعوام": {months: 12}, "عامين": {n: 2, months: 12},
}

// span is a unit of time, and how many of it its word alone tells; 0 when a number must precede.
type span struct {
	n      int
	d      time.Duration
	days   int
	months int
}
